package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.guest.GuestFacts;
import io.pveha.core.guest.GuestPlanner;
import io.pveha.core.guest.WantedGuest;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Step;
import io.pveha.core.replication.ReplicationFacts;
import io.pveha.core.replication.ReplicationPlanner;
import io.pveha.core.replication.WantedReplication;
import io.pveha.core.replication.WantedReplication.Leftover;
import io.pveha.core.replication.WantedReplication.Targets;
import io.pveha.core.resource.GuestCopies;
import io.pveha.core.resource.ResourceFacts;
import io.pveha.core.resource.ResourceFacts.PlacedBy;
import io.pveha.core.resource.ResourcePlanner;
import io.pveha.core.resource.WantedResource;
import io.pveha.core.resource.WantedResource.Placement;
import io.pveha.core.safety.DarkWorld.Without;
import io.pveha.core.storage.PoolFacts;
import io.pveha.core.storage.PoolPlanner;
import io.pveha.core.storage.StorageEntry;
import io.pveha.core.storage.WantedPool;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The planners themselves, of guests, jobs, HA resources, rules and pools, in random worlds that
 * they don't see in full: nothing that passes the guard makes, removes or narrows what full sight
 * would not.
 */
class PlannersInTheDarkTest {

  private static final int SEEDS = 200;
  private static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");
  private static final List<NodeName> NODES =
      List.of(new NodeName("node1"), new NodeName("node2"), new NodeName("node3"));
  private static final JobMark MARK = new JobMark("default", "prod");

  @Test
  void nothingPassesThatFullSightWouldNotPlan() {
    long passed = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      DarkWorld world = new DarkWorld(seed, new Planners(seed));
      assertThat(world.violations(Optional.empty())).as("seed %d", seed).isEmpty();
      passed += world.passed();
    }
    assertThat(passed).as("steps that passed").isGreaterThan(SEEDS);
  }

  @ParameterizedTest
  @EnumSource(Without.class)
  void eachPartOfTheGuardIsNeeded(Without part) {
    assertThat(
            LongStream.range(0, SEEDS)
                .filter(
                    seed ->
                        !new DarkWorld(seed, new Planners(seed))
                            .violations(Optional.of(part))
                            .isEmpty())
                .findFirst())
        .as("a seed at which %s is missed", part)
        .isPresent();
  }

  /** A guest that drops out of a selection keeps its jobs until its owner says that they may go. */
  @Test
  void withoutTheMemoryOfWhatWasSelectedJobsWouldGo() {
    assertThat(
            LongStream.range(0, SEEDS)
                .filter(
                    seed ->
                        !new DarkWorld(seed, new Planners(seed, true))
                            .violations(Optional.empty())
                            .isEmpty())
                .findFirst())
        .isPresent();
  }

  /**
   * All that the operator would plan, by lists alone.
   *
   * @param lacking whether node3 has no pool yet, and a disk for it
   * @param forgetful whether jobs of guests that drop out of the selection go at once
   */
  private record Planners(boolean lacking, boolean forgetful) implements DarkWorld.Planner {

    Planners(long seed) {
      this(seed, false);
    }

    Planners(long seed, boolean forgetful) {
      this(seed % 2 == 0, forgetful);
    }

    @Override
    public List<Step> plan(Map<Listing, Set<String>> lists) {
      List<Step> steps = new ArrayList<>();
      for (String guest : DarkWorld.GUESTS) {
        boolean there = lists.get(Listing.GUESTS).contains(guest);
        steps.addAll(guest(guest, there));
        if (there) {
          steps.addAll(resource(guest, lists));
        }
      }
      steps.addAll(jobs(lists));
      steps.addAll(pool(lists));
      return steps;
    }

    private static List<? extends Step> guest(String guest, boolean there) {
      WantedGuest.Create create =
          new WantedGuest.Create(
              NODES,
              "web",
              Optional.empty(),
              OptionalInt.empty(),
              true,
              Optional.of("tank"),
              OptionalLong.of(8),
              1,
              512,
              List.of(),
              true,
              false);
      Map<NodeName, Set<String>> storages = new TreeMap<>();
      NODES.forEach(node -> storages.put(node, Set.of("tank", "local")));
      return GuestPlanner.plan(
              new WantedGuest(Integer.parseInt(guest), true, Optional.of(create)),
              new GuestFacts(
                  there
                      ? Optional.of(
                          new GuestFacts.Found(true, NODES.get(0), true, false, Optional.empty()))
                      : Optional.empty(),
                  members(),
                  new TreeMap<>(),
                  storages,
                  Optional.empty(),
                  false,
                  Optional.empty(),
                  Optional.empty()),
              Memory.EMPTY,
              NOW,
              NOW)
          .now();
    }

    private static Map<NodeName, Boolean> members() {
      Map<NodeName, Boolean> members = new TreeMap<>();
      NODES.forEach(node -> members.put(node, true));
      return members;
    }

    /** Placed where its replicas are, apart from the next guest. */
    private static List<? extends Step> resource(String guest, Map<Listing, Set<String>> lists) {
      String sid = "ct:" + guest;
      List<GuestCopies.Copy> copies = new ArrayList<>();
      for (int number = 0; number < 2; number++) {
        if (lists.get(Listing.REPLICATION_JOBS).contains(guest + "-" + number)) {
          copies.add(
              new GuestCopies.Copy(
                  NODES.get(number + 1),
                  Optional.of(NOW.minusSeconds(30)),
                  Optional.of(
                      new GuestCopies.Run("*/1", Optional.of(NOW.plusSeconds(30)), 0, false)),
                  true,
                  Belief.YES,
                  ""));
        }
      }
      boolean placed = lists.get(Listing.HA_PLACEMENTS).contains("pveha-ct-" + guest);
      return ResourcePlanner.plan(
              new WantedResource(
                  sid,
                  "started",
                  1,
                  1,
                  false,
                  new Placement(
                      List.of(),
                      false,
                      true,
                      Optional.of(Duration.ofMinutes(15)),
                      List.of(),
                      guest.equals("100") ? List.of("ct:101") : List.of())),
              new ResourceFacts(
                  NODES,
                  Set.of(),
                  PlacedBy.RULES,
                  lists.get(Listing.HA_RESOURCES).contains(sid)
                      ? Optional.of(
                          new ResourceFacts.Resource(
                              "started", 1, 1, Optional.of(false), Optional.empty()))
                      : Optional.empty(),
                  placed
                      ? List.of(
                          new ResourceFacts.Entry(
                              "pveha-ct-" + guest,
                              Set.of(sid),
                              new TreeMap<>(Map.of("node1", 0, "node2", 0)),
                              true,
                              false,
                              false))
                      : List.of(),
                  new GuestCopies(Optional.of(NODES.get(0)), copies),
                  new TreeMap<>(),
                  List.of(),
                  lists.get(Listing.HA_RESOURCES)),
              Memory.EMPTY,
              NOW,
              NOW)
          .now();
    }

    /** Of the guests in a resource pool. */
    private List<? extends Step> jobs(Map<Listing, Set<String>> lists) {
      Set<String> selected = new TreeSet<>(lists.get(Listing.GUESTS));
      selected.removeIf(guest -> !lists.get(Listing.POOL_MEMBERS).contains("prod/" + guest));
      List<Step> steps =
          new ArrayList<>(
              ReplicationPlanner.plan(
                      new WantedReplication(
                          new Targets(true, List.of(), OptionalInt.empty()),
                          "*/1",
                          OptionalInt.empty(),
                          false,
                          Optional.empty(),
                          false,
                          Set.of(),
                          MARK,
                          Leftover.REMOVE),
                      facts(selected, lists),
                      List.of(),
                      Memory.EMPTY,
                      NOW,
                      NOW)
                  .plan()
                  .now());
      Set<Integer> out = new HashSet<>();
      lists
          .get(Listing.REPLICATION_JOBS)
          .forEach(id -> out.add(Integer.parseInt(id.replaceFirst("-.*", ""))));
      Set<Integer> fitting = new HashSet<>();
      selected.forEach(guest -> fitting.add(Integer.parseInt(guest)));
      Selection memory = Selection.NONE.look(fitting, out, vmid -> false, Optional.empty(), NOW);
      Set<String> leaving = new TreeSet<>();
      (forgetful ? memory.missing() : memory.released())
          .forEach(vmid -> leaving.add(vmid.toString()));
      steps.addAll(
          ReplicationPlanner.removal(facts(leaving, lists), false, Memory.EMPTY, NOW, NOW).now());
      return steps;
    }

    private static ReplicationFacts facts(Set<String> guests, Map<Listing, Set<String>> lists) {
      List<ReplicationFacts.Job> jobs = new ArrayList<>();
      List<ReplicationFacts.Guest> found = new ArrayList<>();
      for (String guest : guests) {
        found.add(
            new ReplicationFacts.Guest(
                Integer.parseInt(guest),
                NODES.get(0),
                false,
                Optional.empty(),
                Optional.empty(),
                Map.of()));
        for (int number = 0; number < 2; number++) {
          String id = guest + "-" + number;
          if (lists.get(Listing.REPLICATION_JOBS).contains(id)) {
            jobs.add(job(id, NODES.get(number + 1)));
          }
        }
      }
      return new ReplicationFacts(found, members(), Map.of(), Map.of(), jobs);
    }

    private static ReplicationFacts.Job job(String id, NodeName target) {
      return new ReplicationFacts.Job(
          id,
          Integer.parseInt(id.replaceFirst("-.*", "")),
          Optional.of(NODES.get(0)),
          target,
          "*/1",
          OptionalInt.empty(),
          false,
          false,
          Optional.empty(),
          Optional.of(NOW.minusSeconds(30)),
          JobOwner.OURS,
          Optional.of(MARK.comment()));
    }

    private List<? extends Step> pool(Map<Listing, Set<String>> lists) {
      Map<NodeName, PoolFacts.Node> nodes = new HashMap<>();
      List<WantedPool.Node> wanted = new ArrayList<>();
      for (NodeName node : NODES) {
        boolean lacks = lacking && node.equals(NODES.get(2));
        wanted.add(new WantedPool.Node(node, List.of("/dev/sdb"), Optional.empty()));
        nodes.put(
            node,
            new PoolFacts.Node(
                List.of(
                    new PoolFacts.Disk(
                        "/dev/sdb",
                        Optional.empty(),
                        1L << 30,
                        "ssd",
                        "any",
                        "1",
                        Optional.empty(),
                        lacks ? Optional.empty() : Optional.of("ZFS"))),
                lacks
                    ? Optional.empty()
                    : Optional.of(new PoolFacts.Pool("ONLINE", List.of("sdb"))),
                Optional.empty()));
      }
      return PoolPlanner.plan(
              new WantedPool(
                  "tank",
                  "single",
                  wanted,
                  12,
                  "on",
                  Optional.empty(),
                  new WantedPool.Storage(
                      "tank",
                      List.of("images", "rootdir"),
                      true,
                      Optional.empty(),
                      Optional.empty(),
                      false)),
              new PoolFacts(
                  nodes,
                  members(),
                  lists.get(Listing.STORAGES).contains("tank")
                      ? Optional.of(
                          new StorageEntry(
                              "tank",
                              StorageEntry.ZFS,
                              Optional.of("tank"),
                              Optional.empty(),
                              Optional.empty(),
                              new TreeSet<>(List.of("node1", "node2", "node3")),
                              false))
                      : Optional.empty(),
                  Set.of()),
              PoolPlanner.Insight.NONE,
              Memory.EMPTY,
              NOW,
              NOW)
          .now();
    }
  }
}
