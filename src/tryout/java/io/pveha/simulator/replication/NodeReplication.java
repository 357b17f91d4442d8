package io.pveha.simulator.replication;

import io.pveha.simulator.config.GuestConfig;
import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.guests.GuestReplicas;
import io.pveha.simulator.machine.Digests;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.MachinePart;
import io.pveha.simulator.machine.WorldFailure;
import io.pveha.simulator.storage.NodeStorage;
import io.pveha.simulator.storage.VolumeData;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Replication jobs, and the runs of those whose guest is at this node. */
public final class NodeReplication implements MachinePart, GuestReplicas {

  /**
   * The state of a job at the node that has the guest.
   *
   * @param lastSync start of the last good run, epoch seconds; 0 when unknown here
   * @param lastTry start of the last run, epoch seconds
   * @param nextSync epoch seconds; 0 while the target is offline
   * @param pid 0 when not running
   * @param error null when the last run was good
   */
  public record JobStatus(
      String id,
      int guest,
      int jobNumber,
      GuestKind kind,
      String source,
      String target,
      String schedule,
      double rate,
      boolean disabled,
      String comment,
      String removeJob,
      long lastSync,
      long lastTry,
      long nextSync,
      Duration duration,
      int failCount,
      String error,
      int pid) {}

  static final String DEFAULT_SCHEDULE = "*/15";

  private final Machine node;
  private final ReplicationRuns runs;
  private final Map<String, String> failing = new HashMap<>();

  public NodeReplication(Machine node) {
    this.node = node;
    this.runs = new ReplicationRuns(node, this);
  }

  /** {@code POST /cluster/replication}. */
  public void create(String id, Map<String, String> properties) {
    node.checkWritable(Section.REPLICATION);
    int vmid = Integer.parseInt(id.substring(0, id.indexOf('-')));
    String target = properties.get("target");
    String home =
        GuestConfig.node(node.config(), vmid)
            .orElseThrow(() -> new WorldFailure.Refused("guest '" + vmid + "' does not exist"));
    if (node.config().entry(Section.REPLICATION, id).isPresent()) {
      throw new WorldFailure.Refused("replication job '" + id + "' already exists");
    }
    if (node.config().entry(Section.COROSYNC_NODES, target).isEmpty()) {
      throw new WorldFailure.Refused("no such cluster node '" + target + "'");
    }
    if (target.equals(home)) {
      throw new WorldFailure.Refused("source and target node are the same: '" + target + "'");
    }
    jobsOf(vmid)
        .forEach(
            (other, job) -> {
              if (target.equals(job.get("target"))) {
                throw new WorldFailure.Refused(
                    "replication job for guest '"
                        + vmid
                        + "' to target '"
                        + target
                        + "' already exists");
              }
            });
    unreplicable(vmid)
        .ifPresent(
            why -> {
              throw new WorldFailure.Refused(why);
            });
    if (replicated(vmid).isEmpty()) {
      throw new WorldFailure.Refused("no replicatable volumes found");
    }
    checkSchedule(properties);
    Map<String, String> entry = new TreeMap<>(properties);
    entry.putIfAbsent("type", "local");
    entry.put("guest", Integer.toString(vmid));
    entry.put("jobnum", id.substring(id.indexOf('-') + 1));
    entry.put("source", home);
    node.write(Section.REPLICATION, config -> config.with(Section.REPLICATION, id, entry));
  }

  private static void checkSchedule(Map<String, String> properties) {
    String schedule = properties.get("schedule");
    if (schedule != null) {
      try {
        CalendarSchedule.parse(schedule);
      } catch (IllegalArgumentException invalid) {
        throw new WorldFailure.BadParameter(
            "schedule", "invalid format - unable to parse calendar event\n");
      }
    }
  }

  /** What the guest has that replication can't take along and is not told to leave. */
  Optional<String> unreplicable(int vmid) {
    SortedMap<String, String> entry =
        GuestConfig.entry(node.config(), vmid).orElseGet(TreeMap::new);
    Optional<String> local = GuestConfig.localPaths(entry).values().stream().findFirst();
    if (local.isPresent()) {
      String type = local.get().startsWith("/dev/") ? "device" : "bind";
      return Optional.of(
          GuestKind.CT.name().equals(entry.get("kind"))
              ? "unable to replicate mountpoint type '" + type + "'"
              : "unable to replicate local file/device '" + local.get() + "'");
    }
    return GuestConfig.disks(entry).stream()
        .filter(GuestConfig.DiskOf::replicate)
        .filter(disk -> !node.part(NodeStorage.class).isShared(disk.storage()))
        .filter(disk -> !node.part(NodeStorage.class).isReplicable(disk.storage()))
        .findFirst()
        .map(disk -> "missing replicate feature on volume '" + disk.volid() + "'");
  }

  /** The guest's disks that replication takes along. */
  List<GuestConfig.DiskOf> replicated(int vmid) {
    return GuestConfig.entry(node.config(), vmid)
        .map(
            entry ->
                GuestConfig.disks(entry).stream()
                    .filter(GuestConfig.DiskOf::replicate)
                    .filter(disk -> node.part(NodeStorage.class).isReplicable(disk.storage()))
                    .toList())
        .orElse(List.of());
  }

  public void update(
      String id, Map<String, String> set, Set<String> delete, Optional<String> digest) {
    SortedMap<String, String> entry = new TreeMap<>(require(id));
    node.checkWritable(Section.REPLICATION);
    Digests.check(digest, node.config().digest(Section.REPLICATION));
    if (entry.containsKey("remove_job")) {
      throw new WorldFailure.Refused("replication job '" + id + "' is marked for removal");
    }
    checkSchedule(set);
    entry.keySet().removeAll(delete);
    entry.putAll(set);
    node.write(Section.REPLICATION, config -> config.with(Section.REPLICATION, id, entry));
  }

  /** Marks the job for removal, or with {@code force} drops it at once and leaves the copies. */
  public void delete(String id, boolean keep, boolean force) {
    require(id);
    node.write(
        Section.REPLICATION,
        config ->
            force
                ? config.without(Section.REPLICATION, id)
                : config.with(Section.REPLICATION, id, "remove_job", keep ? "local" : "full"));
    node.world().ledger().removed(node, "job", id, node.world().asking());
  }

  SortedMap<String, String> require(String id) {
    return node.config()
        .entry(Section.REPLICATION, id)
        .orElseThrow(() -> new WorldFailure.Refused("no such replication job '" + id + "'"));
  }

  SortedMap<String, SortedMap<String, String>> jobsOf(int vmid) {
    SortedMap<String, SortedMap<String, String>> jobs = new TreeMap<>();
    node.config()
        .section(Section.REPLICATION)
        .forEach(
            (id, job) -> {
              if (id.startsWith(vmid + "-")) {
                jobs.put(id, job);
              }
            });
    return jobs;
  }

  /** The jobs whose guest is here, by id. */
  SortedMap<String, SortedMap<String, String>> jobsHere() {
    SortedMap<String, SortedMap<String, String>> jobs = new TreeMap<>();
    node.config()
        .section(Section.REPLICATION)
        .forEach(
            (id, job) -> {
              int vmid = Integer.parseInt(job.get("guest"));
              if (GuestConfig.node(node.config(), vmid).filter(node.name()::equals).isPresent()) {
                jobs.put(id, job);
              }
            });
    return jobs;
  }

  /** The jobs whose guest is here. */
  public List<JobStatus> status(OptionalInt guest) {
    List<JobStatus> rows = new ArrayList<>();
    jobsHere()
        .forEach(
            (id, job) -> {
              JobStatus row = row(id, job);
              if (guest.isEmpty() || guest.getAsInt() == row.guest()) {
                rows.add(row);
              }
            });
    return rows;
  }

  public JobStatus status(String id) {
    SortedMap<String, String> job = jobsHere().get(id);
    if (job == null) {
      throw new WorldFailure.Refused("no such replication job '" + id + "'");
    }
    return row(id, job);
  }

  private JobStatus row(String id, SortedMap<String, String> job) {
    ReplicationState state = runs.peek(id);
    int vmid = Integer.parseInt(job.get("guest"));
    return new JobStatus(
        id,
        vmid,
        Integer.parseInt(job.get("jobnum")),
        GuestConfig.kind(node.config(), vmid).orElse(GuestKind.CT),
        job.get("source"),
        job.get("target"),
        job.getOrDefault("schedule", DEFAULT_SCHEDULE),
        Double.parseDouble(job.getOrDefault("rate", "0")),
        "1".equals(job.get("disable")),
        job.get("comment"),
        job.get("remove_job"),
        state.lastSync,
        state.lastTry,
        nextSync(job, state),
        state.duration,
        state.failCount,
        state.error,
        state.pid);
  }

  /** Epoch seconds; 0 when it will not run as things are. */
  long nextSync(SortedMap<String, String> job, ReplicationState state) {
    if ("1".equals(job.get("disable")) || !node.membership().isOnline(job.get("target"))) {
      return 0;
    }
    if (state.failCount > 0 && state.lastTry > 0) {
      return state.lastTry + state.backOff();
    }
    if (state.lastTry == 0) {
      return Math.max(1, node.clockNow().getEpochSecond());
    }
    Instant next =
        CalendarSchedule.parse(job.getOrDefault("schedule", DEFAULT_SCHEDULE))
            .after(Instant.ofEpochSecond(state.lastTry));
    return next == null ? 0 : next.getEpochSecond();
  }

  /** Lines of the last run. */
  public List<String> log(String id) {
    status(id);
    return List.copyOf(runs.peek(id).log);
  }

  /** Lets the scheduler run it next; without effect when nothing is known of it here yet. */
  public void scheduleNow(String id) {
    status(id);
    runs.zeroLastTry(id);
  }

  /**
   * Makes runs of a job (or of all here, for {@code *}) fail, or lets them work again.
   *
   * @param words of the failure; empty for those of a broken SSH, null when nothing fails
   */
  public void setFailing(String id, String words) {
    if (words == null) {
      failing.remove(id);
    } else {
      failing.put(id, words);
    }
  }

  /** Words of the failure of its runs; null when they work. */
  String failing(String id) {
    return failing.getOrDefault(id, failing.get("*"));
  }

  /** Takes the snapshots off the copies of a job, so that its next run finds no base. */
  public void breakChain(String id) {
    runs.breakChain(require(id));
  }

  /** Starts the scheduler's minutes. */
  @Override
  public void servicesStarted() {
    runs.start();
  }

  /** The node died: what ran, runs no more. */
  @Override
  public void powerLost() {
    runs.lost();
  }

  /** A migration takes the state along. */
  @Override
  public void handOver(int vmid, Machine target) {
    runs.handOver(vmid, target.part(NodeReplication.class).runs);
  }

  /** After a migration both sides share the snapshot that its last replication made. */
  @Override
  public void commonBase(int vmid, VolumeData source, VolumeData target) {
    long now = node.clockNow().getEpochSecond();
    jobsOf(vmid).keySet().forEach(id -> source.snapshot("__replicate_" + id + "_" + now + "__"));
    target.snapshots().clear();
    target.snapshots().putAll(source.snapshots());
  }
}
