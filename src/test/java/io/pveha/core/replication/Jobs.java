package io.pveha.core.replication;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Memory;
import io.pveha.core.replication.ReplicationFacts.Disks;
import io.pveha.core.replication.ReplicationFacts.Guest;
import io.pveha.core.replication.ReplicationFacts.Job;
import io.pveha.core.replication.ReplicationFacts.JobState;
import io.pveha.core.replication.WantedReplication.Targets;
import io.pveha.core.safety.JobMark;
import io.pveha.core.safety.JobOwner;
import io.pveha.core.safety.ListGap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** Facts of one guest, 100, on nodes that are all online, to be bent by a test. */
final class Jobs {

  static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  static final Instant SYNCED = NOW.minusSeconds(60);
  static final NodeName NODE1 = new NodeName("node1");
  static final NodeName NODE2 = new NodeName("node2");
  static final NodeName NODE3 = new NodeName("node3");
  static final NodeName NODE4 = new NodeName("node4");
  static final JobMark MARK = new JobMark("default", "web");
  static final Targets ALL = new Targets(true, List.of(), OptionalInt.empty());
  static final String BROKEN =
      "No common base snapshot on volume(s) tank:subvol-100-disk-0\nPlease remove the problematic"
          + " volume(s) from the replication target or delete and re-create the whole job 100-0";

  final Map<NodeName, Boolean> members = new LinkedHashMap<>();
  final Map<NodeName, String> avoided = new TreeMap<>();
  final Map<String, Set<NodeName>> storages = new TreeMap<>();
  final List<Job> jobs = new ArrayList<>();
  final List<Repaired> repaired = new ArrayList<>();
  NodeName home = NODE1;
  boolean template;
  Optional<Disks> disks = Optional.empty();
  boolean recreate;
  boolean suspended;
  Set<String> repairs = Set.of();
  Instant gap;
  final Map<NodeName, Map<String, Long>> volumes = new TreeMap<>();
  WantedReplication.Leftover leftover = WantedReplication.Leftover.REMOVE;
  Memory memory = Memory.EMPTY;
  Instant now = NOW;

  Jobs(NodeName... nodes) {
    for (NodeName node : nodes.length == 0 ? new NodeName[] {NODE1, NODE2, NODE3} : nodes) {
      members.put(node, true);
      volumes.put(node, Map.of("tank:subvol-100-disk-0", 4L << 30));
    }
  }

  static Jobs at(NodeName home, Job... jobs) {
    Jobs facts = new Jobs();
    facts.home = home;
    facts.jobs.addAll(List.of(jobs));
    return facts;
  }

  static Targets listed(NodeName... nodes) {
    return new Targets(false, List.of(nodes), OptionalInt.empty());
  }

  static Targets count(int count) {
    return new Targets(false, List.of(), OptionalInt.of(count));
  }

  ReplicationFacts facts() {
    return new ReplicationFacts(
        List.of(
            new Guest(
                100,
                home,
                template,
                disks,
                Optional.ofNullable(gap).map(at -> new ListGap(at, Optional.of(at))),
                volumes)),
        members,
        avoided,
        storages,
        jobs);
  }

  WantedReplication wanted(Targets targets) {
    return new WantedReplication(
        targets,
        "*/1",
        OptionalInt.empty(),
        suspended,
        Optional.of(Duration.ofMinutes(2)),
        recreate,
        repairs,
        MARK,
        leftover);
  }

  ReplicationPlan plan(Targets targets) {
    return ReplicationPlanner.plan(wanted(targets), facts(), repaired, memory, now, now);
  }

  /** A job from node1 that goes well. */
  static Job job(String id, NodeName target) {
    return job(id, NODE1, target);
  }

  static Job job(String id, NodeName source, NodeName target) {
    return synced(id, source, target, SYNCED);
  }

  static Job synced(String id, NodeName source, NodeName target, Instant at) {
    return new Job(
        id,
        100,
        Optional.of(source),
        target,
        "*/1",
        OptionalInt.empty(),
        false,
        false,
        Optional.of(runs(Optional.of(at), Optional.of(at), 0, Optional.empty(), false)),
        Optional.of(at),
        JobOwner.OURS,
        Optional.of(MARK.comment()));
  }

  static Job with(Job job, JobState state) {
    return new Job(
        job.id(),
        job.vmid(),
        job.source(),
        job.target(),
        job.schedule(),
        job.rateMBps(),
        job.disabled(),
        job.removing(),
        Optional.of(state),
        state.lastSync(),
        job.owner(),
        job.comment());
  }

  /** A job of which its node tells that no snapshot is left in common. */
  static Job broken(String id, NodeName target, Instant lastSync) {
    return with(
        job(id, target),
        runs(Optional.of(lastSync), Optional.of(NOW), 1, Optional.of(BROKEN), false));
  }

  static Job removing(Job job) {
    return new Job(
        job.id(),
        job.vmid(),
        job.source(),
        job.target(),
        job.schedule(),
        job.rateMBps(),
        job.disabled(),
        true,
        job.state(),
        job.recoveryPoint(),
        job.owner(),
        job.comment());
  }

  static Job disabled(Job job) {
    return new Job(
        job.id(),
        job.vmid(),
        job.source(),
        job.target(),
        job.schedule(),
        job.rateMBps(),
        true,
        job.removing(),
        job.state(),
        job.recoveryPoint(),
        job.owner(),
        job.comment());
  }

  /** Another's, or one that is to get our mark. */
  static Job of(JobOwner owner, String comment, Job job) {
    return new Job(
        job.id(),
        job.vmid(),
        job.source(),
        job.target(),
        job.schedule(),
        job.rateMBps(),
        job.disabled(),
        job.removing(),
        job.state(),
        job.recoveryPoint(),
        owner,
        Optional.ofNullable(comment));
  }

  /** As the node tells that has the guest only now: it knows of no run. */
  static Job unknown(Job job) {
    return new Job(
        job.id(),
        job.vmid(),
        job.source(),
        job.target(),
        job.schedule(),
        job.rateMBps(),
        job.disabled(),
        job.removing(),
        Optional.empty(),
        Optional.empty(),
        job.owner(),
        job.comment());
  }

  static JobState runs(
      Optional<Instant> lastSync,
      Optional<Instant> lastTry,
      int failures,
      Optional<String> error,
      boolean running) {
    return new JobState(lastSync, lastTry, Optional.empty(), 3, failures, error, running);
  }
}
