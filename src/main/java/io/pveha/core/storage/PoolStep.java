package io.pveha.core.storage;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Step;
import io.pveha.core.safety.Absence;
import io.pveha.core.safety.Listing;
import io.pveha.core.safety.RestsOnAbsence;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** A step that makes pools and their storage entry, or takes them away. */
public sealed interface PoolStep extends Step, RestsOnAbsence {

  /** Does one thing per kind of step. */
  interface Visitor<R> {
    R createPool(CreatePool step);

    R createStorage(CreateStorage step);

    R updateStorage(UpdateStorage step);

    R removeStorage(RemoveStorage step);

    R destroyPool(DestroyPool step);
  }

  <R> R accept(Visitor<R> visitor);

  /** A pool on one node, without a storage entry. */
  record CreatePool(NodeName on, WantedPool pool, List<String> disks) implements PoolStep {

    @Override
    public String action() {
      return "CreatePool";
    }

    @Override
    public Optional<NodeName> node() {
      return Optional.of(on);
    }

    @Override
    public String subject() {
      return on.value() + "/" + pool.name();
    }

    @Override
    public String sentence() {
      return "Creating %s pool %s on %s from %s."
          .formatted(pool.raidLevel(), pool.name(), on.value(), String.join(", ", disks));
    }

    @Override
    public List<Absence> assumesAbsent() {
      return List.of(Absence.beyond(Listing.STORAGES));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.createPool(this);
    }
  }

  /** The storage entry; asked of a node that has the pool, since that node activates it. */
  record CreateStorage(
      NodeName on, WantedPool.Storage storage, String pool, SortedSet<String> nodes)
      implements PoolStep {

    @Override
    public String action() {
      return "CreateStorage";
    }

    @Override
    public Optional<NodeName> node() {
      return Optional.of(on);
    }

    @Override
    public String subject() {
      return storage.id();
    }

    @Override
    public String sentence() {
      return "Creating storage %s on pool %s for %s."
          .formatted(storage.id(), pool, String.join(", ", nodes));
    }

    @Override
    public List<Absence> assumesAbsent() {
      return List.of(Absence.of(Listing.STORAGES, storage.id()));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.createStorage(this);
    }
  }

  /**
   * The list of nodes of the storage entry. The list that Proxmox has when it is written counts:
   * what others added meanwhile stays.
   *
   * @param pool dataset or pool of the storage
   * @param nodes the list as it is to be
   * @param added to the list
   * @param removed from the list
   */
  record UpdateStorage(
      String id,
      String pool,
      SortedSet<String> nodes,
      SortedSet<String> added,
      SortedSet<String> removed)
      implements PoolStep {

    @Override
    public String action() {
      return "UpdateStorage";
    }

    @Override
    public Optional<NodeName> node() {
      return Optional.empty();
    }

    @Override
    public String subject() {
      return id;
    }

    @Override
    public String sentence() {
      String taken =
          "%s off storage %s; what is left of pool %s there is removed with: zpool destroy %s."
              .formatted(String.join(", ", removed), id, pool, pool);
      if (added.isEmpty()) {
        return "Taking " + taken;
      }
      String adding = "Adding %s to storage %s".formatted(String.join(", ", added), id);
      return removed.isEmpty() ? adding + "." : adding + ", taking " + taken;
    }

    @Override
    public List<Absence> assumesAbsent() {
      return List.of(Absence.beyond(Listing.STORAGES), Absence.beyond(Listing.GUESTS));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.updateStorage(this);
    }
  }

  /** The storage entry goes; pools and data stay. */
  record RemoveStorage(String id, SortedSet<String> nodes) implements PoolStep {

    @Override
    public String action() {
      return "RemoveStorage";
    }

    @Override
    public Optional<NodeName> node() {
      return Optional.empty();
    }

    @Override
    public String subject() {
      return id;
    }

    @Override
    public String sentence() {
      return "Removing storage entry %s; the pools stay.".formatted(id);
    }

    /** What lies on it is judged by {@link PoolUse}, or released by its owner. */
    @Override
    public List<Absence> assumesAbsent() {
      return List.of();
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.removeStorage(this);
    }
  }

  /** A pool goes with all its data; only ever by deletion policy Destroy. */
  record DestroyPool(NodeName on, String pool) implements PoolStep {

    @Override
    public String action() {
      return "DestroyPool";
    }

    @Override
    public Optional<NodeName> node() {
      return Optional.of(on);
    }

    @Override
    public String subject() {
      return on.value() + "/" + pool;
    }

    @Override
    public String sentence() {
      return "Destroying pool %s on %s with its data.".formatted(pool, on.value());
    }

    @Override
    public Duration taskPatience() {
      return Duration.ofMinutes(10);
    }

    /** What lies on it is judged by {@link PoolUse}, or released by its owner. */
    @Override
    public List<Absence> assumesAbsent() {
      return List.of();
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.destroyPool(this);
    }
  }
}
