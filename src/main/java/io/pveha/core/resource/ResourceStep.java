package io.pveha.core.resource;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Step;
import io.pveha.core.plan.StepKey;
import io.pveha.core.safety.Absence;
import io.pveha.core.safety.Listing;
import io.pveha.core.safety.RestsOnAbsence;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A step that puts a guest under HA, says where it may run, or takes it out again. */
public sealed interface ResourceStep extends Step, RestsOnAbsence {

  /** Does one thing per kind of step. */
  interface Visitor<R> {
    R add(AddResource step);

    R update(UpdateResource step);

    R remove(RemoveResource step);

    R put(PutPlacement step);

    R putAffinity(PutAffinity step);

    R removePlacement(RemovePlacement step);

    R clearError(ClearError step);
  }

  <R> R accept(Visitor<R> visitor);

  @Override
  default Optional<NodeName> node() {
    return Optional.empty();
  }

  /**
   * Under HA.
   *
   * @param group on 8.x, the group that places it
   */
  record AddResource(WantedResource resource, Optional<String> group) implements ResourceStep {

    @Override
    public String action() {
      return "AddHaResource";
    }

    @Override
    public String subject() {
      return resource.sid();
    }

    @Override
    public String sentence() {
      return "Putting %s under HA, requested state %s.".formatted(resource.sid(), resource.state());
    }

    @Override
    public List<Absence> assumesAbsent() {
      return List.of(Absence.of(Listing.HA_RESOURCES, resource.sid()));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.add(this);
    }
  }

  /**
   * Settings of the resource.
   *
   * @param differences what is changed, in words
   */
  record UpdateResource(
      WantedResource resource, Optional<String> group, boolean dropGroup, List<String> differences)
      implements ResourceStep {

    public UpdateResource {
      differences = List.copyOf(differences);
    }

    @Override
    public String action() {
      return "UpdateHaResource";
    }

    @Override
    public String subject() {
      return resource.sid();
    }

    @Override
    public String sentence() {
      return "Changing HA resource %s: %s."
          .formatted(resource.sid(), String.join("; ", differences));
    }

    @Override
    public List<Absence> assumesAbsent() {
      return List.of();
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.update(this);
    }
  }

  /** Out of HA; the guest stays as it is. */
  record RemoveResource(String sid) implements ResourceStep {

    @Override
    public String action() {
      return "RemoveHaResource";
    }

    @Override
    public String subject() {
      return sid;
    }

    @Override
    public String sentence() {
      return "Taking %s out of HA; the guest stays.".formatted(sid);
    }

    @Override
    public List<Absence> assumesAbsent() {
      return List.of();
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.remove(this);
    }
  }

  /**
   * A node-affinity rule, or a group.
   *
   * @param exists whether it is changed; else it is made
   * @param differences what is changed, in words; of one that is made it is all
   */
  record PutPlacement(
      String name,
      Set<String> sids,
      SortedMap<String, Integer> nodes,
      boolean strict,
      boolean failback,
      boolean exists,
      List<String> differences)
      implements ResourceStep {

    public PutPlacement {
      differences = List.copyOf(differences);
    }

    @Override
    public String action() {
      return "SetPlacement";
    }

    @Override
    public String subject() {
      return name;
    }

    /** Another placement by the same name is another step: it does not wait for the former. */
    @Override
    public StepKey key() {
      return new StepKey(action(), name + " " + new TreeSet<>(sids) + nodes + strict + failback);
    }

    @Override
    public String sentence() {
      String placing =
          "Placing %s %s %s by %s"
              .formatted(
                  sids.stream().sorted().collect(Collectors.joining(", ")),
                  strict ? "only on" : "preferably on",
                  Differences.inOrder(nodes),
                  name);
      return differences.isEmpty()
          ? placing + "."
          : "%s, which changes: %s.".formatted(placing, String.join("; ", differences));
    }

    @Override
    public List<Absence> assumesAbsent() {
      return exists
          ? List.of(Absence.beyond(Listing.REPLICATION_JOBS), Absence.beyond(Listing.STORAGES))
          : List.of(
              Absence.of(Listing.HA_PLACEMENTS, name),
              Absence.beyond(Listing.REPLICATION_JOBS),
              Absence.beyond(Listing.STORAGES));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.put(this);
    }
  }

  /**
   * A rule between resources.
   *
   * @param exists whether it is changed; else it is made
   */
  record PutAffinity(String name, Set<String> sids, boolean positive, boolean exists)
      implements ResourceStep {

    @Override
    public String action() {
      return "SetAffinity";
    }

    /** Another rule by the same name is another step: it does not wait for the former. */
    @Override
    public StepKey key() {
      return new StepKey(action(), name + " " + new TreeSet<>(sids) + positive);
    }

    @Override
    public String subject() {
      return name;
    }

    @Override
    public String sentence() {
      return "Keeping %s %s by rule %s."
          .formatted(
              sids.stream().sorted().collect(Collectors.joining(", ")),
              positive ? "on the same node" : "on different nodes",
              name);
    }

    @Override
    public List<Absence> assumesAbsent() {
      return exists ? List.of() : List.of(Absence.of(Listing.HA_PLACEMENTS, name));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.putAffinity(this);
    }
  }

  /**
   * Disabled, so that the HA manager drops the error state.
   *
   * @param cause what had kept the guest from starting
   */
  record ClearError(String sid, String cause) implements ResourceStep {

    static final String ACTION = "ClearHaError";

    @Override
    public String action() {
      return ACTION;
    }

    @Override
    public String subject() {
      return sid;
    }

    @Override
    public String sentence() {
      return "Clearing the error state of %s, which was caused by %s; that cause is gone."
          .formatted(sid, cause);
    }

    @Override
    public List<Absence> assumesAbsent() {
      return List.of();
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.clearError(this);
    }
  }

  /** A rule or group of ours that is not needed any more. */
  record RemovePlacement(String name) implements ResourceStep {

    @Override
    public String action() {
      return "RemovePlacement";
    }

    @Override
    public String subject() {
      return name;
    }

    @Override
    public String sentence() {
      return "Removing placement %s.".formatted(name);
    }

    @Override
    public List<Absence> assumesAbsent() {
      return List.of(
          Absence.beyond(Listing.HA_RESOURCES), Absence.beyond(Listing.REPLICATION_JOBS));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.removePlacement(this);
    }
  }
}
