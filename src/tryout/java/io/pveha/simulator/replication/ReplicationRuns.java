package io.pveha.simulator.replication;

import io.pveha.simulator.config.GuestConfig;
import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.guests.GuestRunner;
import io.pveha.simulator.guests.NodeGuests;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.WorldFailure;
import io.pveha.simulator.storage.NodeStorage;
import io.pveha.simulator.storage.VolumeData;
import io.pveha.simulator.storage.Writes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The scheduler of one node: looks each minute what is due and runs it, one job after another. What
 * a run carries is the state of the disks at its start.
 */
final class ReplicationRuns {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  private final Machine node;
  private final NodeReplication jobs;
  private final SortedMap<String, ReplicationState> states = new TreeMap<>();
  private final Deque<String> queue = new ArrayDeque<>();
  private boolean busy;

  ReplicationRuns(Machine node, NodeReplication jobs) {
    this.node = node;
    this.jobs = jobs;
  }

  /** The state, or that of a job of which nothing is known here. */
  ReplicationState peek(String id) {
    return states.getOrDefault(id, new ReplicationState());
  }

  void zeroLastTry(String id) {
    ReplicationState state = states.get(id);
    if (state != null) {
      state.lastTry = 0;
    }
  }

  void handOver(int vmid, ReplicationRuns target) {
    for (String id : List.copyOf(states.keySet())) {
      if (id.startsWith(vmid + "-")) {
        target.states.put(id, states.remove(id));
      }
    }
  }

  void start() {
    long second = node.world().now().getEpochSecond() % 60;
    Duration first = Duration.ofSeconds(60 - second).plus(node.world().between(0.1, 1.5));
    node.later(first, this::minute);
  }

  void lost() {
    queue.clear();
    busy = false;
    states.values().forEach(state -> state.pid = 0);
  }

  private void minute() {
    node.later(Duration.ofMinutes(1), this::minute);
    if (!node.services().isRunning("pvescheduler")
        || !node.membership().quorate()
        || node.world().corosync().isUnsettled(node)) {
      return;
    }
    states.keySet().removeIf(id -> !jobs.jobsHere().containsKey(id));
    swapRoles();
    removeMarked();
    if (!busy) {
      enqueueDue();
      runNext();
    }
  }

  /** A guest's jobs start from where it is; the one that led here leads back. */
  private void swapRoles() {
    jobs.jobsHere()
        .forEach(
            (id, job) -> {
              String source = job.get("source");
              if (node.name().equals(source)) {
                return;
              }
              String target = job.get("target");
              String newTarget = node.name().equals(target) ? source : target;
              node.write(
                  Section.REPLICATION,
                  config ->
                      config
                          .with(Section.REPLICATION, id, "target", newTarget)
                          .with(Section.REPLICATION, id, "source", node.name()));
            });
  }

  private void removeMarked() {
    jobs.jobsHere()
        .forEach(
            (id, job) -> {
              String how = job.get("remove_job");
              if (how == null || peek(id).pid != 0) {
                return;
              }
              String target = job.get("target");
              if (how.equals("full") && !removeCopies(id, job, target)) {
                peek(id).error = "can't reach '" + target + "' to remove its copies";
                return;
              }
              states.remove(id);
              node.write(Section.REPLICATION, config -> config.without(Section.REPLICATION, id));
            });
  }

  /** Rolls the copies back to nothing that the source still knows of. */
  void breakChain(SortedMap<String, String> job) {
    Machine there = node.world().node(job.get("target"));
    for (GuestConfig.DiskOf disk : jobs.replicated(Integer.parseInt(job.get("guest")))) {
      VolumeData copy = there.part(NodeStorage.class).volumes(disk.storage()).get(disk.volume());
      if (copy != null) {
        copy.snapshots().clear();
      }
    }
  }

  private boolean removeCopies(String id, SortedMap<String, String> job, String target) {
    if (!node.world().hasNode(target) || !node.world().canTalk(node.name(), target)) {
      return false;
    }
    Machine there = node.world().node(target);
    for (GuestConfig.DiskOf disk : jobs.replicated(Integer.parseInt(job.get("guest")))) {
      if (there.part(NodeStorage.class).isUsable(disk.storage())
          && there.part(NodeStorage.class).volumes(disk.storage()).remove(disk.volume()) != null) {
        String asked = node.world().ledger().removedBy("job", id);
        node.world()
            .ledger()
            .destroyed(there, "volume", disk.volid(), "replication job " + id + ", " + asked);
      }
    }
    return true;
  }

  private void enqueueDue() {
    long now = node.clockNow().getEpochSecond();
    Map<String, Long> due = new LinkedHashMap<>();
    jobs.jobsHere()
        .forEach(
            (id, job) -> {
              long next = jobs.nextSync(job, peek(id));
              if (next > 0 && next <= now && !job.containsKey("remove_job")) {
                due.put(id, peek(id).lastTry);
              }
            });
    due.entrySet().stream()
        .sorted(
            Comparator.comparingLong(Map.Entry<String, Long>::getValue)
                .thenComparing(Map.Entry::getKey))
        .forEach(entry -> queue.add(entry.getKey()));
  }

  private void runNext() {
    String id = queue.poll();
    busy = id != null;
    if (id == null) {
      return;
    }
    SortedMap<String, String> job = jobs.jobsHere().get(id);
    if (job == null || job.containsKey("remove_job")) {
      runNext();
      return;
    }
    begin(id, job);
  }

  private void begin(String id, SortedMap<String, String> job) {
    ReplicationState state = states.computeIfAbsent(id, key -> new ReplicationState());
    Instant start = node.clockNow();
    int vmid = Integer.parseInt(job.get("guest"));
    GuestKind kind = GuestConfig.kind(node.config(), vmid).orElseThrow();
    state.lastTry = start.getEpochSecond();
    state.pid = node.tasks().nextPid();
    state.log.clear();
    node.part(GuestRunner.class).flushAll();
    List<GuestConfig.DiskOf> disks = jobs.replicated(vmid);
    String snapshot = "__replicate_" + id + "_" + start.getEpochSecond() + "__";
    say(state, id, "start replication job");
    say(
        state,
        id,
        "guest => "
            + kind
            + " "
            + vmid
            + ", running => "
            + (node.part(GuestRunner.class).isRunning(vmid) ? 1 : 0));
    say(
        state,
        id,
        "volumes => " + String.join(",", disks.stream().map(GuestConfig.DiskOf::volid).toList()));
    String obstacle = obstacle(id, kind, vmid, job.get("target"), disks);
    List<List<Writes>> sent = new ArrayList<>();
    if (obstacle == null) {
      say(state, id, "create snapshot '" + snapshot + "'");
      for (GuestConfig.DiskOf disk : disks) {
        sent.add(node.part(NodeStorage.class).volumes(disk.storage()).get(disk.volume()).writes());
      }
    }
    Duration base = node.world().spec().timings().replication();
    Duration takes = base.plus(node.world().between(0, 1.5));
    node.later(
        takes,
        () -> {
          String failure = obstacle;
          if (failure == null) {
            failure = deliver(id, state, kind, vmid, job.get("target"), disks, snapshot, sent);
          }
          finish(id, state, start, failure);
          runNext();
        });
  }

  /** What keeps a run from going on; its guest may have gone since its start. */
  private String obstacle(
      String id, GuestKind kind, int vmid, String target, List<GuestConfig.DiskOf> disks) {
    if (jobs.failing(id) != null) {
      return jobs.failing(id).isEmpty()
          ? "command 'set -o pipefail && pvesm export | ssh root@"
              + target
              + " -- pvesm import' failed: exit code 255"
          : jobs.failing(id);
    }
    Optional<SortedMap<String, String>> guest = GuestConfig.entry(node.config(), vmid);
    if (guest.isEmpty()) {
      return NodeGuests.noConfig(node, kind, vmid);
    }
    if (guest.get().containsKey("lock")) {
      return "can't lock file '/var/lock/pve-config-" + vmid + ".lock' - got timeout";
    }
    if (!node.world().hasNode(target) || !node.world().canTalk(node.name(), target)) {
      return "command '/usr/bin/ssh -o 'BatchMode=yes' root@" + target + "' failed: exit code 255";
    }
    return jobs.unreplicable(vmid).orElseGet(() -> readable(node, disks));
  }

  private static String readable(Machine at, List<GuestConfig.DiskOf> disks) {
    try {
      for (GuestConfig.DiskOf disk : disks) {
        if (!at.part(NodeStorage.class).volumes(disk.storage()).containsKey(disk.volume())) {
          return at.part(NodeStorage.class).missing(disk);
        }
      }
      return null;
    } catch (WorldFailure.Refused refused) {
      return refused.getMessage();
    }
  }

  private String deliver(
      String id,
      ReplicationState state,
      GuestKind kind,
      int vmid,
      String target,
      List<GuestConfig.DiskOf> disks,
      String snapshot,
      List<List<Writes>> sent) {
    String obstacle = obstacle(id, kind, vmid, target, disks);
    if (obstacle != null) {
      return obstacle;
    }
    Machine there = node.world().node(target);
    List<String> baseless = new ArrayList<>();
    for (GuestConfig.DiskOf disk : disks) {
      if (!there.part(NodeStorage.class).isUsable(disk.storage())) {
        return "storage '" + disk.storage() + "' is not available on node '" + target + "'";
      }
      VolumeData source = node.part(NodeStorage.class).volumes(disk.storage()).get(disk.volume());
      VolumeData copy = there.part(NodeStorage.class).volumes(disk.storage()).get(disk.volume());
      if (copy != null && base(source, copy) == null) {
        baseless.add(disk.volid());
      }
    }
    if (!baseless.isEmpty()) {
      return "No common base snapshot on volume(s) "
          + String.join(", ", baseless)
          + "\nPlease remove the problematic volume(s) from the replication target or delete and"
          + " re-create the whole job "
          + id;
    }
    for (int number = 0; number < disks.size(); number++) {
      receive(id, state, there, disks.get(number), snapshot, sent.get(number));
    }
    return null;
  }

  private void receive(
      String id,
      ReplicationState state,
      Machine there,
      GuestConfig.DiskOf disk,
      String snapshot,
      List<Writes> sent) {
    VolumeData source = node.part(NodeStorage.class).volumes(disk.storage()).get(disk.volume());
    Map<String, VolumeData> volumes = there.part(NodeStorage.class).volumes(disk.storage());
    VolumeData copy = volumes.get(disk.volume());
    String base = copy == null ? null : base(source, copy);
    node.world().ledger().synced(id, node, there, copy == null);
    if (copy == null) {
      say(state, id, "full sync '" + disk.volid() + "' (" + snapshot + ")");
      copy = source.copy(disk.volume(), source.vmid(), node.world().now());
      volumes.put(disk.volume(), copy);
    } else {
      say(state, id, "incremental sync '" + disk.volid() + "' (" + base + " => " + snapshot + ")");
    }
    // All snapshots between the base and the new one travel along. Former ones of the job go, but
    // the base stays for another run: the other jobs of a guest that has just moved may need it.
    source
        .snapshots()
        .keySet()
        .removeIf(name -> name.startsWith("__replicate_" + id + "_") && !name.equals(base));
    source.snapshots().put(snapshot, sent);
    copy.snapshots().clear();
    copy.snapshots().putAll(source.snapshots());
    copy.receive(snapshot, sent, source.bytes());
  }

  private static String base(VolumeData source, VolumeData copy) {
    String newest = null;
    for (Map.Entry<String, List<Writes>> snapshot : copy.snapshots().entrySet()) {
      if (snapshot.getValue().equals(source.snapshots().get(snapshot.getKey()))) {
        newest = snapshot.getKey();
      }
    }
    return newest;
  }

  private void finish(String id, ReplicationState state, Instant start, String failure) {
    state.pid = 0;
    state.duration = Duration.between(start, node.clockNow());
    if (failure == null) {
      state.failCount = 0;
      state.error = null;
      state.lastSync = start.getEpochSecond();
      say(state, id, "end replication job");
    } else {
      state.failCount++;
      state.error = failure;
      say(state, id, "end replication job with error: " + failure);
      node.log(
          "pvescheduler",
          "root@pam",
          3,
          id + ": got unexpected replication job error - " + failure);
    }
  }

  private void say(ReplicationState state, String id, String line) {
    state.log.add(TIME.format(node.clockNow()) + " " + id + ": " + line);
  }
}
