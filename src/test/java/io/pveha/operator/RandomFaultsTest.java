package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.simulator.access.AccessControl;
import io.pveha.simulator.faults.Faults;
import io.pveha.simulator.machine.ApiFault;
import io.pveha.simulator.machine.Ledger;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.world.NodeHost;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Faults and wishes as they come, several at once, with an operator that dies now and then: what
 * must never happen does not, and when all is mended all is well again. {@code -Dpveha.seeds=100}
 * tries more.
 */
class RandomFaultsTest {

  private static final int FAULTS = 14;

  /** Number of a guest that no object names. */
  private static final int OF_NOBODY = 300;

  /** Those that are taken away, with the roles that have them. */
  private static final Map<String, String> PRIVILEGES =
      Map.of(
          "VM.Audit", "HaOperatorGuests",
          "Datastore.Audit", "HaOperatorStorage",
          "Sys.Modify", "HaOperatorCluster");

  private static final Pattern MADE = Pattern.compile("POST /nodes/[^/]+/(lxc|qemu)");
  private static final Pattern MADE_ONCE = Pattern.compile("POST (/storage|/nodes/[^/]+/disks/.*)");

  private static final Duration LONGEST_GAP = Duration.ofSeconds(100);

  /** Replication that failed often is tried again after half an hour. */
  private static final Duration HEALED = Duration.ofMinutes(45);

  private static final Duration OWNER_LOOKS = Duration.ofSeconds(20);

  /** A node that is cut off notices within seven seconds; the rest is asking in vain. */
  private static final Duration GRACE = Duration.ofSeconds(20);

  private static final String RULES =
      """
      health:
        healthyDelaySeconds: 60
        rules:
          - {condition: PoolsHealthy, status: "False", forSeconds: 10, action: Evacuate}
          - {condition: PoolsUsable, status: "False", forSeconds: 10, action: Evacuate}
          - {condition: ServicesHealthy, status: "False", forSeconds: 30, action: Evacuate}
          - {condition: LinksUp, status: "False", forSeconds: 30, action: Cordon}
      """;

  /** Something that breaks, and what mends it. */
  private record Fault(String name, Runnable breaks, Runnable mends) {}

  static Stream<Long> seeds() {
    return IntStream.range(0, Integer.getInteger("pveha.seeds", 4))
        .mapToObj(n -> Long.getLong("pveha.seed", 1L) + n);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatMustNeverHappenDoesNot(long seed) {
    PveVersion version = seed % 2 == 0 ? PveVersion.V8_3 : PveVersion.V9_1;
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference(RULES);
      stage.awaitReference();
      guestOfNobody(stage);
      OwnersHand owner = new OwnersHand(stage);
      Map<String, Instant> lastQuorate = new HashMap<>();
      List<String> wrong = new ArrayList<>();
      noteQuorum(stage, lastQuorate);
      judgeWrites(stage, owner, lastQuorate, wrong);
      List<String> story = new ArrayList<>();
      List<Fault> broken = new ArrayList<>();
      Random random = new Random(seed);
      System.out.printf("RandomFaultsTest: seed %d, %s%n", seed, version);
      for (int i = 0; i < FAULTS; i++) {
        if (!broken.isEmpty() && random.nextInt(3) == 0) {
          Fault mended = broken.remove(random.nextInt(broken.size()));
          story.add(stage.time.instant() + " mended: " + mended.name());
          mended.mends().run();
        } else {
          Fault fault = any(stage, owner, random);
          story.add(stage.time.instant() + " " + fault.name());
          fault.breaks().run();
          broken.add(fault);
        }
        stage.pass(Duration.ofMillis(1 + random.nextInt((int) LONGEST_GAP.toMillis())));
      }
      broken.forEach(fault -> fault.mends().run());
      stage.info().nodes().forEach(node -> stage.faults().power(node.name(), true));
      story.add(stage.time.instant() + " all mended");
      // Roles and entries can be changed where there is a quorum.
      stage.pass(Duration.ofMinutes(2));
      PRIVILEGES.keySet().forEach(privilege -> privileges(stage, privilege, true));
      owner.enablesStorage(true);
      String told = "seed %d, %s%n%s".formatted(seed, version, String.join("\n", story));
      until(
          stage,
          "all but broken chains to be well again",
          () -> owner.seesTo(random),
          () -> isWell(stage) && (isWhole(stage) || owner.hasToRelease()),
          told);
      assertThat(unasked(stage.truth().destroyed())).as(told).isEmpty();
      assertThat(unasked(stage.truth().removed())).as(told).isEmpty();
      until(
          stage,
          "all to be well again",
          owner::releasesBrokenChains,
          () -> isWell(stage) && isWhole(stage),
          told);
      assertThat(stage.truth().violations()).as(told).isEmpty();
      assertThat(unasked(stage.truth().destroyed()))
          .as(told)
          .allMatch(gone -> owner.released() && gone.what().equals("volume"));
      assertThat(unasked(stage.truth().removed()))
          .as(told)
          .allMatch(gone -> owner.released() && gone.what().equals("job"));
      assertThat(wrong).as(told).isEmpty();
      assertThat(stage.failures()).as(told).isEmpty();
    }
  }

  /**
   * Whoever deletes all objects by their default policies, at any moment and in any order, asks for
   * nothing to go in Proxmox but what the operator itself put there.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void deletingAllAtAnyMomentDestroysNothing(long seed) {
    PveVersion version = seed % 2 == 0 ? PveVersion.V9_1 : PveVersion.V8_3;
    try (VirtualStage stage = VirtualStage.of(version)) {
      stage.applyReference(RULES);
      stage.awaitReference();
      guestOfNobody(stage);
      OwnersHand owner = new OwnersHand(stage);
      List<String> wrong = new ArrayList<>();
      stage.around(write -> judgeMaking(stage, owner, write, wrong), write -> {}, () -> {});
      Random random = new Random(seed);
      System.out.printf("RandomFaultsTest: deletion, seed %d, %s%n", seed, version);
      List<Fault> broken = new ArrayList<>();
      List<String> story = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        Fault fault = any(stage, owner, random);
        story.add(stage.time.instant() + " " + fault.name());
        fault.breaks().run();
        broken.add(fault);
        stage.pass(Duration.ofMillis(1 + random.nextInt((int) LONGEST_GAP.toMillis())));
      }
      List<HasMetadata> objects =
          new ArrayList<>(
              List.of(stage.cluster(), stage.pool(), stage.guest(), stage.replication()));
      Collections.shuffle(objects, random);
      for (HasMetadata object : objects) {
        story.add(stage.time.instant() + " deletes " + object.getKind());
        stage.client.resource(object).delete();
        stage.pass(Duration.ofMillis(random.nextInt(20_000)));
      }
      broken.forEach(fault -> fault.mends().run());
      stage.info().nodes().forEach(node -> stage.faults().power(node.name(), true));
      story.add(stage.time.instant() + " all mended");
      // Roles and entries can be changed where there is a quorum.
      stage.pass(Duration.ofMinutes(2));
      PRIVILEGES.keySet().forEach(privilege -> privileges(stage, privilege, true));
      owner.enablesStorage(true);
      stage.pass(Duration.ofMinutes(10));

      String told = "seed %d, %s%n%s".formatted(seed, version, String.join("\n", story));
      assertThat(stage.truth().violations()).as(told).isEmpty();
      assertThat(unasked(stage.truth().destroyed())).as(told).isEmpty();
      assertThat(unasked(stage.truth().removed())).as(told).isEmpty();
      assertThat(wrong).as(told).isEmpty();
      assertThat(stage.failures()).as(told).isEmpty();
    }
  }

  /** Lets time pass until it is so, with an owner who looks now and then. */
  private static void until(
      VirtualStage stage, String what, Runnable owner, BooleanSupplier so, String told) {
    Instant end = stage.time.instant().plus(HEALED);
    while (!so.getAsBoolean()) {
      if (stage.time.instant().isAfter(end)) {
        throw new AssertionError(
            "%s%n%s did not come within %s.%n%s%nfailures: %s"
                .formatted(told, what, HEALED, stage.table(), stage.failures()));
      }
      owner.run();
      stage.pass(OWNER_LOOKS);
    }
  }

  /** All is well but, maybe, replicas that only a person may let go. */
  private static boolean isWell(VirtualStage stage) {
    return Stream.of(stage.cluster(), stage.pool(), stage.guest())
            .allMatch(object -> VirtualStage.is(object, ConditionType.READY, "True"))
        && VirtualStage.is(
            stage.cluster(), ConditionType.FAILOVER_READY, hasReplica(stage) ? "True" : "False")
        && stage.truth().guests().stream()
            .filter(guest -> guest.vmid() != OF_NOBODY)
            .allMatch(guest -> guest.answersOn().size() == 1);
  }

  /** Whether Proxmox ever brought a replica of the guest that is there now to its target. */
  private static boolean hasReplica(VirtualStage stage) {
    return stage
        .simulator
        .world()
        .read(
            () ->
                stage.simulator.world().nodes().stream()
                    .flatMap(node -> node.replication().status(OptionalInt.empty()).stream())
                    .anyMatch(job -> job.guest() == 100 && job.lastSync() > 0));
  }

  private static boolean isWhole(VirtualStage stage) {
    return VirtualStage.is(stage.replication(), ConditionType.READY, "True")
        && "2/2".equals(stage.replication().reported().jobsHealthy())
        && VirtualStage.is(stage.cluster(), ConditionType.NODES_HEALTHY, "True");
  }

  private static void noteQuorum(VirtualStage stage, Map<String, Instant> lastQuorate) {
    stage
        .simulator
        .world()
        .read(
            () -> {
              stage.simulator.world().nodes().stream()
                  .map(NodeHost::name)
                  .filter(node -> isQuorate(stage, node))
                  .forEach(node -> lastQuorate.put(node, stage.time.instant()));
              return null;
            });
    stage
        .simulator
        .virtualClock()
        .schedule(Duration.ofSeconds(1), () -> noteQuorum(stage, lastQuorate));
  }

  private static boolean isQuorate(VirtualStage stage, String name) {
    NodeHost node = stage.simulator.world().node(name);
    return stage.simulator.world().read(() -> node.isUp() && node.membership().quorate());
  }

  /** What was there once is recreated by its owner's word alone. */
  private static void judgeMaking(
      VirtualStage stage, OwnersHand owner, String write, List<String> wrong) {
    if (MADE_ONCE.matcher(write).matches() || MADE.matcher(write).matches() && !owner.asked()) {
      wrong.add("%s %s, which nobody asked for".formatted(stage.time.instant(), write));
    }
  }

  private static void judgeWrites(
      VirtualStage stage, OwnersHand owner, Map<String, Instant> lastQuorate, List<String> wrong) {
    stage.around(
        write -> {
          judgeMaking(stage, owner, write, wrong);
          VirtualWire.Write sent = stage.writes().get(stage.writes().size() - 1);
          Instant quorate = lastQuorate.getOrDefault(sent.node(), Instant.EPOCH);
          if (!isQuorate(stage, sent.node()) && quorate.plus(GRACE).isBefore(sent.at())) {
            wrong.add(
                "%s %s at %s, without quorum since %s"
                    .formatted(sent.at(), write, sent.node(), quorate));
          }
        },
        write -> {},
        () -> {});
  }

  private static Fault any(VirtualStage stage, OwnersHand owner, Random random) {
    Faults faults = stage.faults();
    String node = "node" + (1 + random.nextInt(3));
    String other = "node" + (1 + (Integer.parseInt(node.substring(4)) % 3));
    switch (random.nextInt(30)) {
      case 0:
        return fault("power of " + node, on -> faults.power(node, on));
      case 1:
        return fault("network of " + node, on -> faults.network(node, Faults.Direction.BOTH, on));
      case 2:
        return fault(
            "what " + node + " sends", on -> faults.network(node, Faults.Direction.OUT, on));
      case 3:
        return fault("what " + node + " gets", on -> faults.network(node, Faults.Direction.IN, on));
      case 4:
        return fault(node + " to " + other, on -> faults.between(node, other, on));
      case 5:
        return fault("link 1 of " + node, on -> faults.link(node, 1, on));
      case 6:
        return fault("pveproxy of " + node, on -> faults.service(node, "pveproxy", on));
      case 7:
        return fault("corosync of " + node, on -> faults.service(node, "corosync", on));
      case 8:
        return fault("pvestatd of " + node, on -> faults.service(node, "pvestatd", on));
      case 9:
        return fault(
            "pool of " + node, on -> faults.pool(node, "tank", on ? "ONLINE" : "SUSPENDED"));
      case 10:
        return fault(
            "a disk in the pool of " + node,
            on -> faults.pool(node, "tank", on ? "ONLINE" : "DEGRADED"));
      case 11:
        ApiFault failing = new ApiFault(ApiFault.Kind.FAILING, Duration.ZERO, 500);
        return fault("answers of " + node, on -> faults.api(node, on ? ApiFault.NONE : failing));
      case 12:
        return fault("replication from " + node, on -> faults.replication(node, "", !on));
      case 13:
        return fault("the operator's way to " + node, on -> stage.cutOperatorOff(node, !on));
      case 14:
        return new Fault("the operator's process", stage::restartOperator, () -> {});
      case 15:
        return fault("use of " + node, used -> stage.applyCluster(used ? RULES : resting(node)));
      case 16:
        return fault("the wish that it runs", runs -> stage.apply(guest(stage, runs)));
      case 17:
        return new Fault(
            "nothing, but it is to go to " + node, () -> moveTo(stage, node), () -> {});
      case 18:
        return fault("sight of guests", on -> privileges(stage, "VM.Audit", on));
      case 19:
        return fault("sight of storages", on -> privileges(stage, "Datastore.Audit", on));
      case 20:
        return fault(
            "the right to write what belongs to the cluster",
            on -> privileges(stage, "Sys.Modify", on));
      case 21:
        return fault("the lack of a second owner", lacks -> secondOwner(stage, !lacks));
      case 22:
        return new Fault(
            "two disks of " + node + " change names",
            () -> faults.diskNames(node, "/dev/sda", "/dev/sdb"),
            () -> faults.diskNames(node, "/dev/sda", "/dev/sdb"));
      case 23:
        return fault("what storages " + node + " lists", on -> lists(stage, node, "/storage", on));
      case 24:
        return fault(
            "what guests " + node + " lists", on -> lists(stage, node, "/cluster/resources", on));
      case 25:
        return fault("the place of " + node + " on the storage", on -> onStorage(stage, node, on));
      case 26:
        return new Fault("a guest of nobody goes by hand", () -> deleteByHand(stage), () -> {});
      case 27:
        return new Fault("the guest goes by hand", owner::losesGuest, () -> owner.seesTo(random));
      case 28:
        return fault("the enabled storage", owner::enablesStorage);
      default:
        return new Fault("the guest's process", () -> faults.crash(100), () -> {});
    }
  }

  /** A member answers with an empty list, as one does whose cluster file system lags. */
  private static void lists(VirtualStage stage, String node, String path, boolean all) {
    stage.changeAnswers(
        (asked, request, answer) ->
            !all && asked.equals(node) && request.path().equals(path)
                ? JsonNodeFactory.instance.arrayNode()
                : answer);
  }

  /** Somebody takes a node off the list of the storage entry, or puts it on again. */
  private static void onStorage(VirtualStage stage, String node, boolean on) {
    byHand(
        stage,
        ApiRequest.put("/storage/tank")
            .with(
                "nodes",
                Stream.of("node1", "node2", "node3")
                    .filter(each -> on || !each.equals(node))
                    .collect(Collectors.joining(","))));
  }

  private static void guestOfNobody(VirtualStage stage) {
    byHand(
        stage,
        ApiRequest.post("/nodes/node1/qemu").with("vmid", OF_NOBODY).with("scsi0", "tank:4"));
    stage.pass(Duration.ofSeconds(5));
  }

  /** One that is under no object, so that nobody recreates it. */
  private static void deleteByHand(VirtualStage stage) {
    byHand(stage, ApiRequest.delete("/nodes/node1/qemu/" + OF_NOBODY));
  }

  /** What goes by hand is no doing of the operator; where it can't be done nothing is. */
  private static void byHand(VirtualStage stage, ApiRequest request) {
    if (isQuorate(stage, "node1")) {
      try {
        new ByHand(stage).on("node1").call(request);
      } catch (ProxmoxFailure notNow) {
        System.out.printf("RandomFaultsTest: %s%n", notNow.getMessage());
      }
    }
  }

  /** What is gone, but for what somebody took away by hand. */
  private static List<Ledger.Destroyed> unasked(List<Ledger.Destroyed> gone) {
    return gone.stream().filter(each -> !each.by().equals("root@pam")).toList();
  }

  /** Takes a privilege from a role of the operator, or gives it back. */
  private static void privileges(VirtualStage stage, String privilege, boolean given) {
    String role = PRIVILEGES.get(privilege);
    stage
        .simulator
        .world()
        .read(
            () -> {
              AccessControl access =
                  stage.simulator.world().nodes().stream()
                      .filter(node -> isQuorate(stage, node.name()))
                      .findFirst()
                      .map(NodeHost::access)
                      .orElse(null);
              if (access != null) {
                SortedSet<String> left = new TreeSet<>(access.roles().get(role));
                if (given) {
                  left.add(privilege);
                } else {
                  left.remove(privilege);
                }
                access.updateRole(role, left, false);
              }
              return null;
            });
  }

  /** An object that claims the same nodes, with a guest that is to be stopped. */
  private static void secondOwner(VirtualStage stage, boolean there) {
    for (String yaml :
        List.of(
            stage.manifests().clusterYaml("Adopt", "simulated"),
            stage
                .manifests()
                .guestYaml()
                .replace("clusterRef: {name: reference}", "clusterRef: {name: z-second}")
                .replace("state: started", "state: stopped"))) {
      String second = yaml.replaceFirst("(metadata:\\s+name: )\\S+", "$1z-second");
      if (there) {
        stage.apply(second);
      } else {
        stage
            .client
            .load(new java.io.ByteArrayInputStream(second.getBytes(StandardCharsets.UTF_8)))
            .inNamespace(stage.namespace)
            .delete();
      }
    }
  }

  private static String resting(String node) {
    return RULES + "maintenance: [%s]\n".formatted(node);
  }

  private static String guest(VirtualStage stage, boolean runs) {
    String yaml = stage.manifests().guestYaml();
    return runs ? yaml : yaml.replace("state: started", "state: stopped");
  }

  private static void moveTo(VirtualStage stage, String node) {
    stage
        .client
        .resource(stage.guest())
        .edit(
            guest -> {
              guest.getMetadata().setAnnotations(Map.of(ApiNames.MOVE_TO, node));
              return guest;
            });
  }

  private interface Switch {
    void set(boolean on);
  }

  private static Fault fault(String what, Switch works) {
    return new Fault(what + " fails", () -> works.set(false), () -> works.set(true));
  }
}
