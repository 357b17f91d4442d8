package io.pveha.operator.polling;

import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.guest.StartNeed;
import io.pveha.core.safety.FailureLog;
import io.pveha.core.safety.HeldPrivileges;
import io.pveha.proxmox.ClusterCalls.JoinInfo;
import io.pveha.proxmox.ClusterCalls.Member;
import io.pveha.proxmox.ClusterCalls.MembershipView;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.HaCalls.Manager;
import io.pveha.proxmox.HaCalls.ManagerStatus;
import io.pveha.proxmox.HaCalls.Resource;
import io.pveha.proxmox.HaCalls.Service;
import io.pveha.proxmox.PlacementCalls.Group;
import io.pveha.proxmox.PlacementCalls.Means;
import io.pveha.proxmox.PlacementCalls.Rule;
import io.pveha.proxmox.ReplicationCalls.Job;
import io.pveha.proxmox.ReplicationCalls.JobStatus;
import io.pveha.proxmox.StorageCalls.Disk;
import io.pveha.proxmox.StorageCalls.Pool;
import io.pveha.proxmox.StorageCalls.PoolDetail;
import io.pveha.proxmox.StorageCalls.Storage;
import io.pveha.proxmox.StorageCalls.StorageStatus;
import io.pveha.proxmox.StorageCalls.Vdev;
import io.pveha.proxmox.StorageCalls.Volume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A small cluster of which anything may change at any time, as an operator sees it: each look is
 * read again, so that equal rows are different objects.
 */
public final class ChangingCluster {

  /** Guests that may be there have these numbers and the ones that follow. */
  public static final int FIRST = 100;

  private static final int GUESTS = 6;
  private static final int NODES = 4;
  private static final List<String> STATES =
      List.of("started", "stopped", "error", "fence", "migrate", "queued");

  private final Random random;
  private final Map<Integer, Boolean> answers = new TreeMap<>();
  private final Map<Integer, Boolean> online = new TreeMap<>();
  private final Map<Integer, String> nodeStates = new TreeMap<>();
  private final Map<Integer, Boolean> asked = new TreeMap<>();
  private final Map<Integer, Function<Integer, Guest>> guests = new TreeMap<>();
  private final Map<Integer, Service> services = new TreeMap<>();
  private final Map<Integer, Resource> resources = new TreeMap<>();
  private final List<Rule> rules = new ArrayList<>();
  private final Map<String, Group> groups = new TreeMap<>();
  private final Map<String, Job> jobs = new TreeMap<>();
  private final Map<String, JobStatus> runs = new TreeMap<>();
  private final Map<String, Storage> storages = new TreeMap<>();
  private final Map<String, Boolean> active = new TreeMap<>();
  private final Map<String, String> pools = new TreeMap<>();
  private final Map<String, Long> volumes = new TreeMap<>();
  private final Map<Integer, Boolean> needs = new TreeMap<>();
  private Means means = Means.RULES;
  private boolean privileged = true;
  private Instant at = Instant.parse("2026-01-05T08:00:00Z");
  private Observation seen = Observation.NONE;

  public ChangingCluster(long seed) {
    random = new Random(seed);
    for (int node = 1; node <= NODES; node++) {
      answers.put(node, true);
      online.put(node, true);
      asked.put(node, true);
    }
    for (int i = 0; i < 80; i++) {
      change();
    }
    look();
  }

  /** As it was seen last. */
  public Observation seen() {
    return seen;
  }

  /** Changes something, or several things, and looks again. */
  public Observation next() {
    int many = random.nextInt(3);
    for (int i = 0; i <= many; i++) {
      change();
    }
    return look();
  }

  private Observation look() {
    at = at.plusSeconds(1 + random.nextInt(9));
    seen = seen.withFast(fast());
    if (random.nextInt(4) > 0 || seen.slow().isEmpty()) {
      seen = seen.withSlow(slow());
    }
    return seen;
  }

  // What changes

  private void change() {
    int node = 1 + random.nextInt(NODES);
    int vmid = FIRST + random.nextInt(GUESTS);
    switch (random.nextInt(22)) {
      case 0 -> answers.put(node, random.nextInt(4) > 0);
      case 1 -> online.put(node, random.nextInt(3) > 0);
      case 2 -> nodeStates.put(node, one("online", "maintenance", "unknown"));
      case 3 -> asked.put(node, random.nextInt(4) > 0);
      case 4, 5, 6 -> guest(vmid);
      case 7, 8 -> service(vmid);
      case 9, 10 -> resource(vmid);
      case 11, 12 -> rule();
      case 13 -> group();
      case 14, 15 -> job(vmid);
      case 16, 17 -> run(vmid);
      case 18 -> storage(node);
      case 19 -> pools.put(node + " " + one("tank", "rpool"), one("ONLINE", "SUSPENDED", "", ""));
      case 20 -> volume(node, vmid);
      default -> rarely(vmid);
    }
  }

  private void rarely(int vmid) {
    switch (random.nextInt(5)) {
      case 0 -> means = random.nextBoolean() ? Means.RULES : Means.GROUPS;
      case 1 -> privileged = random.nextInt(3) > 0;
      case 2 -> Collections.shuffle(rules, random);
      default -> needs.put(vmid, random.nextBoolean());
    }
  }

  private void guest(int vmid) {
    if (random.nextInt(4) == 0) {
      guests.remove(vmid);
      return;
    }
    NodeName node = name(1 + random.nextInt(NODES));
    String status = one("running", "stopped", "unknown");
    List<String> tags = random.nextBoolean() ? List.of("web") : List.of();
    Optional<String> pool = random.nextBoolean() ? Optional.of("prod") : Optional.empty();
    boolean template = random.nextInt(6) == 0;
    Optional<String> lock = random.nextInt(4) == 0 ? Optional.of("migrate") : Optional.empty();
    guests.put(
        vmid,
        id ->
            new Guest(
                new GuestId(GuestKind.CT, id),
                node,
                Optional.of("g" + id),
                status,
                tags,
                pool,
                template,
                lock,
                1,
                1 << 20));
  }

  private void service(int vmid) {
    if (random.nextInt(4) == 0) {
      services.remove(vmid);
    } else {
      services.put(
          vmid,
          new Service(
              STATES.get(random.nextInt(STATES.size())),
              name(1 + random.nextInt(NODES)).value(),
              null,
              random.nextBoolean(),
              List.of(),
              null));
    }
  }

  private void resource(int vmid) {
    if (random.nextInt(4) == 0) {
      resources.remove(vmid);
    } else {
      resources.put(
          vmid,
          new Resource(
              sid(vmid),
              "ct",
              one("started", "stopped", "ignored"),
              1,
              random.nextInt(3),
              random.nextInt(3) == 0 ? one("g1", "pveha-ct-101") : null,
              random.nextBoolean(),
              null,
              null,
              Map.of()));
    }
  }

  private void rule() {
    String name =
        one(
            "r1",
            "r2",
            "pveha-ct-100",
            "pveha-ct-101",
            "pveha-ct-100-apart",
            "pveha-ct-102-together");
    rules.removeIf(rule -> rule.rule().equals(name));
    if (random.nextInt(4) > 0) {
      boolean between =
          name.contains("-apart") || name.contains("-together") || random.nextInt(4) == 0;
      String sids = some(sid(FIRST + random.nextInt(GUESTS)), sid(FIRST + random.nextInt(GUESTS)));
      rules.add(
          random.nextInt(rules.size() + 1),
          new Rule(
              name,
              between ? "resource-affinity" : "node-affinity",
              sids,
              between ? null : some("n1:2", "n" + (1 + random.nextInt(NODES))),
              random.nextBoolean(),
              random.nextInt(5) == 0,
              between || random.nextInt(4) == 0 ? one("positive", "negative") : null,
              Map.of(),
              Map.of()));
    }
  }

  private void group() {
    String name = one("g1", "pveha-ct-101");
    if (random.nextInt(4) == 0) {
      groups.remove(name);
    } else {
      groups.put(
          name,
          new Group(
              name,
              some("n1:2", "n" + (1 + random.nextInt(NODES))),
              random.nextBoolean(),
              random.nextBoolean(),
              Map.of()));
    }
  }

  private void job(int vmid) {
    int number = random.nextInt(2);
    String id = vmid + "-" + number;
    if (random.nextInt(4) == 0) {
      jobs.remove(id);
    } else {
      jobs.put(
          id,
          new Job(
              id,
              vmid,
              number,
              name(1 + random.nextInt(NODES)).value(),
              random.nextBoolean() ? name(1 + random.nextInt(NODES)).value() : null,
              one("*/15", "*/5"),
              null,
              random.nextInt(4) == 0,
              one("", "pveha: ns/r100", "pveha: ns/web"),
              random.nextInt(6) == 0 ? "full" : null));
    }
  }

  private void run(int vmid) {
    String id = vmid + "-" + random.nextInt(2);
    String key = (1 + random.nextInt(NODES)) + " " + id;
    if (random.nextInt(4) == 0) {
      runs.remove(key);
    } else {
      runs.put(
          key,
          new JobStatus(
              id,
              vmid,
              null,
              jobs.containsKey(id) ? jobs.get(id).target() : "n1",
              random.nextInt(3) * 900L,
              random.nextInt(3) * 900L,
              900,
              random.nextInt(2),
              random.nextInt(3) == 0 ? "no common base snapshot" : null,
              1.0,
              null));
    }
  }

  private void storage(int node) {
    String id = one("local", "tank", "other");
    switch (random.nextInt(4)) {
      case 0 -> storages.remove(id);
      case 1 ->
          storages.put(
              id,
              new Storage(
                  id,
                  one("zfspool", "dir"),
                  one("tank", "rpool"),
                  null,
                  null,
                  "images,rootdir",
                  random.nextBoolean() ? "n1,n2" : null,
                  random.nextInt(4) == 0,
                  null));
      case 2 -> active.remove(node + " " + id);
      default -> active.put(node + " " + id, random.nextBoolean());
    }
  }

  private void volume(int node, int vmid) {
    String key = "%d %s %d".formatted(node, one("tank", "other"), vmid);
    if (random.nextInt(3) == 0) {
      volumes.remove(key);
    } else {
      volumes.put(key, 1L << random.nextInt(3));
    }
  }

  private String one(String... of) {
    return of[random.nextInt(of.length)];
  }

  private String some(String one, String other) {
    return random.nextBoolean() || one.equals(other) ? one : one + "," + other;
  }

  // What is seen

  private FastFacts fast() {
    Map<NodeName, MembershipView> views = new TreeMap<>();
    answers.forEach(
        (node, does) -> {
          if (does || node == 1) {
            views.put(
                name(node), new MembershipView(name(node), Optional.of("c"), true, members(node)));
          }
        });
    Map<String, String> states = new TreeMap<>();
    nodeStates.forEach((node, state) -> states.put(name(node).value(), state));
    Map<String, Service> listed = new TreeMap<>();
    services.forEach(
        (vmid, s) ->
            listed.put(
                sid(vmid), new Service(s.state(), s.node(), null, s.running(), List.of(), null)));
    return new FastFacts(
        at,
        at,
        views,
        Map.of(),
        Set.of(),
        guests.entrySet().stream().map(row -> row.getValue().apply(row.getKey())).toList(),
        2,
        new ManagerStatus(new Manager("n1", at.getEpochSecond(), states, listed), Map.of(), null));
  }

  private List<Member> members(int self) {
    return IntStream.rangeClosed(1, NODES)
        .mapToObj(
            node -> new Member(name(node), node, "192.0.2." + node, online.get(node), node == self))
        .toList();
  }

  private SlowFacts slow() {
    return new SlowFacts(
        at,
        name(1),
        asked.entrySet().stream()
            .filter(Map.Entry::getValue)
            .collect(Collectors.toMap(node -> name(node.getKey()), node -> node(node.getKey()))),
        new JoinInfo(List.of(), "n1"),
        Optional.empty(),
        Optional.empty(),
        means,
        List.copyOf(groups.values()),
        rules.stream()
            .map(
                r ->
                    new Rule(
                        r.rule(),
                        r.type(),
                        r.resources(),
                        r.nodes(),
                        r.strict(),
                        r.disable(),
                        r.affinity(),
                        Map.of(),
                        Map.of()))
            .toList(),
        List.copyOf(resources.values()),
        List.of(),
        List.copyOf(jobs.values()),
        List.copyOf(storages.values()),
        Map.of(),
        Map.of(),
        asked.entrySet().stream()
            .filter(Map.Entry::getValue)
            .collect(Collectors.toMap(node -> name(node.getKey()), node -> disks(node.getKey()))),
        privileges(),
        Stream.of(SlowQuestion.values())
            .collect(
                Collectors.toMap(
                    question -> question, question -> new Told(at, 2, Optional.empty(), false))),
        new StartFacts(startNeeds(), Map.of(), Map.of()));
  }

  private SlowFacts.Node node(int node) {
    List<Pool> here = new ArrayList<>();
    Map<String, PoolDetail> details = new HashMap<>();
    List.of("tank", "rpool")
        .forEach(
            pool -> {
              String health = pools.getOrDefault(node + " " + pool, "ONLINE");
              if (!health.isEmpty()) {
                here.add(new Pool(pool, 1 << 20, at.getEpochSecond() % 7, 1, 1, 1, health));
                details.put(
                    pool,
                    new PoolDetail(
                        pool,
                        health,
                        null,
                        null,
                        "scrub at " + at,
                        null,
                        List.of(new Vdev("sdb", health, null, 0, 0, 0, null))));
              }
            });
    return new SlowFacts.Node(
        "9.1.2",
        List.of(new Disk("/dev/sdb", null, 1 << 20, "ssd", "m", "s", null, "ZFS", null, null)),
        here,
        details,
        active.entrySet().stream()
            .filter(storage -> storage.getKey().startsWith(node + " "))
            .map(
                storage ->
                    new StorageStatus(
                        storage.getKey().substring(2),
                        "zfspool",
                        "images,rootdir",
                        storage.getValue(),
                        true,
                        false,
                        1 << 20,
                        at.getEpochSecond() % 11,
                        1))
            .toList(),
        runs.entrySet().stream()
            .filter(run -> run.getKey().startsWith(node + " "))
            .map(Map.Entry::getValue)
            .toList(),
        FailureLog.NONE);
  }

  private SlowFacts.GuestDisks disks(int node) {
    Map<String, List<Volume>> byStorage = new TreeMap<>();
    volumes.forEach(
        (key, size) -> {
          String[] parts = key.split(" ");
          if (parts[0].equals(Integer.toString(node))) {
            byStorage
                .computeIfAbsent(parts[1], unused -> new ArrayList<>())
                .add(
                    new Volume(
                        parts[1] + ":subvol-" + parts[2] + "-disk-0",
                        "rootdir",
                        size,
                        Integer.valueOf(parts[2])));
          }
        });
    return new SlowFacts.GuestDisks(at, byStorage);
  }

  private Map<GuestId, List<StartNeed>> startNeeds() {
    Map<GuestId, List<StartNeed>> found = new HashMap<>();
    needs.forEach(
        (vmid, exempt) ->
            found.put(
                new GuestId(GuestKind.CT, vmid),
                List.of(
                    new StartNeed(StartNeed.Kind.DISK, "rootfs", "tank:subvol", exempt, false))));
    return found;
  }

  private HeldPrivileges privileges() {
    Map<String, Boolean> all = new HashMap<>();
    List.of("Datastore.Audit", "Pool.Audit", "Sys.Audit", "VM.Audit", "Sys.Modify", "Mapping.Audit")
        .forEach(privilege -> all.put(privilege, true));
    Map<String, Map<String, Boolean>> paths = new HashMap<>();
    List.of("/", "/access", "/nodes", "/pool", "/storage", "/vms")
        .forEach(path -> paths.put(path, all));
    if (!privileged) {
      paths.put("/vms/102", Map.of("VM.PowerMgmt", true));
    }
    return HeldPrivileges.of(paths, new TreeMap<>());
  }

  private static NodeName name(int node) {
    return new NodeName("n" + node);
  }

  private static String sid(int vmid) {
    return "ct:" + vmid;
  }
}
