package io.pveha.operator.replication;

import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ReplicationDeletionPolicy;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobSpec;
import io.pveha.api.v1alpha1.ReplicationJobStatus;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Count;
import io.pveha.core.plan.Finding;
import io.pveha.core.safety.JobMark;
import io.pveha.core.safety.ListGap;
import io.pveha.core.safety.Listing;
import io.pveha.core.safety.Selection;
import io.pveha.operator.host.OrderAnnotation;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.ReplicationCalls;
import io.pveha.proxmox.ReplicationCalls.JobStatus;
import io.pveha.proxmox.Rows;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The guests that a ReplicationJob stands for: those that fit and that it has the say over, those
 * that an older one has the say over, and those that fitted once and do not now.
 */
final class SelectedGuests {

  private static final OrderAnnotation ACCEPTED = new OrderAnnotation(ApiNames.ACCEPT_SELECTION);

  private static final int MOST_NAMED = 5;

  private final ReplicationJob job;
  private final ReplicationJobSpec spec;
  private final ClusterFacts facts;
  private final Claims claims;
  private final List<Guest> owned = new ArrayList<>();
  private final Map<Integer, String> takenBy = new TreeMap<>();
  private final Selection former;
  private final Selection selection;
  private final Map<Integer, Instant> gaps;

  SelectedGuests(ReplicationJob job, ClusterFacts facts, Claims claims, Instant now) {
    this.job = job;
    this.spec = job.getSpec();
    this.facts = facts;
    this.claims = claims;
    for (Guest guest : ReplicationFactsReader.meant(spec, facts)) {
      Optional<ReplicationJob> stronger = claims.stronger(guest);
      stronger.ifPresent(other -> takenBy.put(guest.id().vmid(), Claims.id(other)));
      if (stronger.isEmpty()) {
        owned.add(guest);
      }
    }
    this.former = saved(job.reported());
    this.selection =
        former.look(
            owned.stream().map(guest -> guest.id().vmid()).collect(Collectors.toSet()),
            holding(),
            this::isExcused,
            ACCEPTED.value(job),
            now);
    this.gaps = gaps(now);
  }

  /** Those that this object has the say over. */
  List<Guest> owned() {
    return owned;
  }

  /** Those that do not fit any more by their owner's word, and whose jobs may go. */
  List<Guest> released() {
    return spec.deletionPolicy() == ReplicationDeletionPolicy.RETAIN
        ? List.of()
        : listed(selection.released()).stream()
            .filter(guest -> SelectionDoubt.thatLeft(guest.id().vmid(), spec, facts).isEmpty())
            .toList();
  }

  /** Those that do not fit any more, and of which nobody said that they may go. */
  List<Guest> held() {
    return listed(selection.missing());
  }

  /** Those whose jobs go with this object; another one that wants them keeps them. */
  List<Guest> departing() {
    Set<Integer> ever = former.everMeant();
    return Stream.concat(ReplicationFactsReader.meant(spec, facts).stream(), listed(ever).stream())
        .distinct()
        .sorted(Comparator.comparingInt(guest -> guest.id().vmid()))
        .filter(guest -> !claims.isWantedElsewhere(guest))
        .toList();
  }

  /** Whether there is no guest to work for, and none that is missed. */
  boolean isIdle() {
    return owned.isEmpty() && selection.missing().isEmpty() && released().isEmpty();
  }

  ReplicationJobStatus.Selection saved() {
    return withGaps(selection);
  }

  /** What was selected so far, with the gaps that are seen now. */
  ReplicationJobStatus.Selection formerWithGaps() {
    return withGaps(former);
  }

  private ReplicationJobStatus.Selection withGaps(Selection selected) {
    return new ReplicationJobStatus.Selection(
        List.copyOf(selected.guests()),
        List.copyOf(selected.missing()),
        selected.since().orElse(null),
        List.copyOf(selected.released()),
        gaps.entrySet().stream()
            .map(gap -> new ReplicationJobStatus.Gap(gap.getKey(), gap.getValue()))
            .toList());
  }

  /** When guests were found to be missing from the list, by vmid. */
  Map<Integer, Instant> gaps() {
    return gaps;
  }

  /** One is over when every job of the guest has run since, from where it is. */
  private Map<Integer, Instant> gaps(Instant now) {
    Map<Integer, Instant> gaps = new TreeMap<>();
    if (job.reported().selection() != null) {
      job.reported().selection().gaps().stream()
          .filter(gap -> gap.vmid() != null && gap.at() != null)
          .forEach(gap -> gaps.put(gap.vmid(), gap.at()));
    }
    gaps.entrySet().removeIf(gap -> hasRunSince(gap.getKey(), gap.getValue()));
    former.everMeant().stream()
        .filter(vmid -> facts.fast().guest(vmid).isEmpty())
        .forEach(vmid -> gaps.putIfAbsent(vmid, now.truncatedTo(ChronoUnit.MILLIS)));
    return gaps;
  }

  private boolean hasRunSince(int vmid, Instant at) {
    Optional<NodeName> home = facts.fast().guest(vmid).map(Guest::node);
    Optional<SlowFacts.Node> told = home.map(facts.slow().nodes()::get);
    List<JobStatus> runs = told.map(node -> node.runs(vmid)).orElse(List.of());
    if (runs.isEmpty() || told.filter(node -> Rows.problem(node.jobs()).isEmpty()).isEmpty()) {
      return false;
    }
    ListGap gap = ListGap.of(at, ReplicationFactsReader.aheadAtMost(facts, home.orElseThrow()));
    return runs.stream().allMatch(status -> status.lastSync().filter(gap::isOverBy).isPresent());
  }

  private static Selection saved(ReplicationJobStatus status) {
    ReplicationJobStatus.Selection saved = status.selection();
    if (saved == null) {
      // A version that remembered no selection named the guests in its rows.
      return new Selection(
          status.jobs().stream()
              .map(ReplicationJobStatus.Job::vmid)
              .filter(Objects::nonNull)
              .collect(Collectors.toSet()),
          Set.of(),
          Optional.empty(),
          Set.of());
    }
    return new Selection(
        new TreeSet<>(saved.guests()),
        new TreeSet<>(saved.missing()),
        Optional.ofNullable(saved.since()),
        new TreeSet<>(saved.released()));
  }

  /** Guests with a job that has our mark. */
  private Set<Integer> holding() {
    JobMark mark = ReplicationFactsReader.mark(job);
    return facts.slow().jobsMarked(mark).stream()
        .map(ReplicationCalls.Job::guest)
        .collect(Collectors.toSet());
  }

  private boolean isExcused(int vmid) {
    return facts
        .fast()
        .guest(vmid)
        .map(claims::isWantedElsewhere)
        .orElseGet(
            () -> facts.sight().doubtThatGone(Listing.GUESTS, String.valueOf(vmid)).isEmpty());
  }

  private List<Guest> listed(Collection<Integer> vmids) {
    return vmids.stream().flatMap(vmid -> facts.fast().guest(vmid).stream()).toList();
  }

  /** Guests that older ones have the say over; empty when there are none. */
  Optional<Finding> taken() {
    return takenBy.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Finding.blocks(
                ConditionReason.JOB_TAKEN,
                ("%s: claimed by older objects: %s. Nothing is written for them here; make "
                        + "one object select each guest.")
                    .formatted(
                        spec.guest() == null ? "spec.selector" : "spec.guest.vmid",
                        named(
                            takenBy.entrySet().stream()
                                .map(
                                    taken ->
                                        "guest %d to ReplicationJob %s"
                                            .formatted(taken.getKey(), taken.getValue()))
                                .toList()))));
  }

  /** Guests that do not fit any more; empty when there are none. */
  Optional<Finding> shrunk() {
    if (selection.missing().isEmpty()) {
      return Optional.empty();
    }
    String doubts =
        Stream.of(Listing.GUESTS, Listing.POOL_MEMBERS)
            .flatMap(listing -> facts.sight().doubt(listing).stream())
            .map(doubt -> " " + doubt.message())
            .collect(Collectors.joining());
    return Optional.of(
        Finding.blocks(
            ConditionReason.SELECTION_SHRANK,
            ("%s no longer selects %s: %s. Their jobs and replicas stay as they are.%s To "
                    + "%s: `kubectl annotate replicationjob %s -n %s --overwrite %s=%s`.")
                .formatted(
                    spec.guest() == null ? "spec.selector" : "spec.guest.vmid",
                    Count.of(selection.missing().size(), "guest"),
                    named(selection.missing().stream().map(this::described).toList()),
                    doubts,
                    spec.deletionPolicy() == ReplicationDeletionPolicy.RETAIN
                        ? "leave them alone"
                        : "apply deletionPolicy to them",
                    job.getMetadata().getName(),
                    job.getMetadata().getNamespace(),
                    ApiNames.ACCEPT_SELECTION,
                    selection.since().orElseThrow())));
  }

  private String described(int vmid) {
    Optional<Guest> guest = facts.fast().guest(vmid);
    if (guest.isEmpty()) {
      return vmid + " (not listed: destroyed, or hidden from the token)";
    }
    List<String> differences = new ArrayList<>();
    if (guest.get().template()) {
      differences.add("is a template");
    }
    if (spec.selector() != null) {
      Set<String> lost = new TreeSet<>(spec.selector().tags());
      lost.removeAll(guest.get().tags());
      if (!lost.isEmpty()) {
        differences.add("has no tag " + String.join(", ", lost));
      }
      String pool = spec.selector().pool();
      if (pool != null && guest.get().pool().filter(pool::equals).isEmpty()) {
        differences.add(
            guest
                .get()
                .pool()
                .map(other -> "is in pool " + other)
                .orElse("is in no pool that the token sees"));
      }
    }
    return vmid + (differences.isEmpty() ? "" : " (%s)".formatted(String.join(", ", differences)));
  }

  private static String named(List<String> all) {
    int more = all.size() - MOST_NAMED;
    return all.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
        + (more > 0 ? " and %d more".formatted(more) : "");
  }
}
