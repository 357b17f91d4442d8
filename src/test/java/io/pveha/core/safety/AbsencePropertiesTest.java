package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * In random worlds, seen with random privileges that are lost and given back, through members of
 * which one lags: no step passes the guard that full sight would not plan. A planner that makes all
 * that is not listed, and removes all that has lost its guest, shows what the guard alone is worth.
 */
class AbsencePropertiesTest {

  private static final int SEEDS = 300;
  private static final int ROUNDS = 60;
  private static final int SECONDS = 2;
  private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");

  /** What of the guard is taken out. */
  enum Without {
    ALL,
    PRIVILEGES,
    AGREEMENT
  }

  @Test
  void noStepPassesThatFullSightWouldNotPlan() {
    LongStream.range(0, SEEDS)
        .forEach(
            seed ->
                assertThat(new World(seed).violations(Optional.empty()))
                    .as("seed %d", seed)
                    .isEmpty());
  }

  @Test
  void aWorldThatIsSeenInFullIsWorkedOn() {
    assertThat(LongStream.range(0, SEEDS).map(seed -> passed(seed)).sum()).isPositive();
  }

  private static long passed(long seed) {
    World world = new World(seed);
    world.violations(Optional.empty());
    return world.passed;
  }

  @ParameterizedTest
  @EnumSource(Without.class)
  void eachPartOfTheGuardIsNeeded(Without part) {
    assertThat(
            LongStream.range(0, SEEDS)
                .filter(seed -> !new World(seed).violations(Optional.of(part)).isEmpty())
                .findFirst())
        .as("a seed at which %s is missed", part)
        .isPresent();
  }

  /** Makes one thing, or removes what is left of one. */
  private record Move(String action, String subject, List<Absence> assumesAbsent)
      implements Step, RestsOnAbsence {

    @Override
    public Optional<NodeName> node() {
      return Optional.empty();
    }

    @Override
    public String sentence() {
      return action + " " + subject + ".";
    }
  }

  private static final class World {
    private static final Set<Listing> IN_POOLS =
        Set.of(Listing.GUESTS, Listing.POOL_MEMBERS, Listing.REPLICATION_JOBS, Listing.STORAGES);
    private static final List<String> GUESTS = List.of("100", "101", "102", "103");
    private final Random random;
    private final List<Map<Listing, Set<String>>> history = new ArrayList<>();
    private final Map<String, Map<String, Boolean>> granted = new HashMap<>();
    private final Set<String> keptOut = new HashSet<>();
    private final int lagging;
    private HeldPrivileges told = HeldPrivileges.NOT_ASKED;
    private Instant toldAt = START;
    private AbsenceLog log = AbsenceLog.EMPTY;
    private long passed;

    World(long seed) {
      random = new Random(seed);
      lagging = random.nextInt(5);
      grant();
      Map<Listing, Set<String>> all = new EnumMap<>(Listing.class);
      for (Listing listing : Listing.values()) {
        all.put(listing, new HashSet<>());
      }
      for (String guest : GUESTS) {
        if (random.nextInt(4) > 0) {
          all.get(Listing.GUESTS).add(guest);
          all.get(Listing.REPLICATION_JOBS).add(guest + "-0");
          all.get(Listing.POOL_MEMBERS).add("prod/" + guest);
          all.get(Listing.HA_RESOURCES).add("ct:" + guest);
        }
      }
      all.get(Listing.STORAGES).add("local");
      all.get(Listing.STORAGES).add("tank");
      history.add(all);
    }

    private void grant() {
      granted.clear();
      for (NeededPrivilege privilege : NeededPrivilege.ALL) {
        if (!privilege.lists().isEmpty() && random.nextInt(4) > 0) {
          granted
              .computeIfAbsent(privilege.path(), path -> new HashMap<>())
              .put(privilege.name(), true);
        }
      }
      granted.computeIfAbsent("/nodes", path -> new HashMap<>()).put("Sys.Audit", true);
      keptOut.clear();
      if (random.nextInt(3) == 0) {
        granted.put("/vms/" + any(GUESTS), Map.of("VM.Backup", true));
      }
      if (random.nextInt(3) == 0) {
        keptOut.add(any(List.of("/vms/100", "/vms/103", "/storage/tank", "/pool/prod")));
      }
    }

    private Map<String, SortedSet<String>> entries() {
      Map<String, SortedSet<String>> entries = new HashMap<>();
      keptOut.forEach(path -> entries.put(path, new TreeSet<>(Set.of("operator@pve!pveha"))));
      return entries;
    }

    private <T> T any(List<T> of) {
      return of.get(random.nextInt(of.size()));
    }

    /** Steps that passed, and that full sight would not plan. */
    List<String> violations(Optional<Without> without) {
      List<String> violations = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        Instant at = START.plusSeconds((long) round * SECONDS);
        happen();
        Map<Listing, Set<String>> seen = seen();
        log = log.look(seen, true, at);
        if (round % 7 == 0) {
          told = HeldPrivileges.of(granted, entries());
          toldAt = at;
        }
        Sight sight = sight(without, seen);
        Set<Move> right = Set.copyOf(plan(history.get(history.size() - 1)));
        for (Move step : plan(seen)) {
          if (AbsenceGuard.doubt(step, sight).isEmpty()) {
            passed++;
            if (!right.contains(step) && !isGoneAlready(step)) {
              violations.add("%s at round %d".formatted(step.sentence(), round));
            }
          }
        }
      }
      return violations;
    }

    /** A job that only the lagging member still lists, of a guest that has left the pool. */
    private boolean isGoneAlready(Move step) {
      Map<Listing, Set<String>> now = history.get(history.size() - 1);
      return step.action().equals("RemoveJob")
          && !now.get(Listing.REPLICATION_JOBS).contains(step.subject() + "-0")
          && !now.get(Listing.POOL_MEMBERS).contains("prod/" + step.subject());
    }

    private Sight sight(Optional<Without> without, Map<Listing, Set<String>> seen) {
      if (without.filter(part -> part == Without.ALL).isPresent()) {
        return Sight.FULL;
      }
      HeldPrivileges held =
          without.filter(part -> part == Without.PRIVILEGES).isPresent()
              ? HeldPrivileges.of(everything(), Map.of())
              : told;
      Sight sight = Sight.of(held, toldAt, seen, Map.of(), log);
      return without.filter(part -> part == Without.AGREEMENT).isPresent()
          ? new Sight(sight.unprivileged(), sight.blind(), sight.keys(), Optional.empty(), toldAt)
          : sight;
    }

    private static Map<String, Map<String, Boolean>> everything() {
      Map<String, Map<String, Boolean>> all = new HashMap<>();
      for (NeededPrivilege privilege : NeededPrivilege.ALL) {
        all.computeIfAbsent(privilege.path(), path -> new HashMap<>()).put(privilege.name(), true);
      }
      all.computeIfAbsent("/nodes", path -> new HashMap<>()).put("Sys.Audit", true);
      return all;
    }

    /** Things go, by hand; privileges come and go. Nothing comes: that is what steps are for. */
    private void happen() {
      Map<Listing, Set<String>> next = new EnumMap<>(Listing.class);
      history.get(history.size() - 1).forEach((list, keys) -> next.put(list, new HashSet<>(keys)));
      if (random.nextInt(10) == 0) {
        Listing listing = Listing.values()[random.nextInt(Listing.values().length)];
        next.get(listing).removeIf(key -> !key.equals("local") && random.nextInt(3) == 0);
      }
      history.add(next);
      if (random.nextInt(12) == 0) {
        grant();
      }
    }

    /** What the two members list together: one is up to date, the other lags. */
    private Map<Listing, Set<String>> seen() {
      int last = history.size() - 1;
      Map<Listing, Set<String>> both = new EnumMap<>(Listing.class);
      for (Listing listing : Listing.values()) {
        Set<String> keys = new HashSet<>();
        List<Map<Listing, Set<String>>> views = new ArrayList<>();
        views.add(history.get(last));
        if (random.nextInt(10) > 0) {
          views.add(history.get(Math.max(0, last - lagging)));
        }
        for (Map<Listing, Set<String>> view : views) {
          view.get(listing).stream().filter(key -> isShown(listing, key)).forEach(keys::add);
        }
        both.put(listing, keys);
      }
      return both;
    }

    private boolean isShown(Listing listing, String key) {
      HeldPrivileges now = HeldPrivileges.of(granted, entries());
      if (keptOut.contains("/pool/prod") && IN_POOLS.contains(listing)) {
        return listing == Listing.STORAGES && key.equals("local");
      }
      String vmid = key.replaceFirst(".*[/:]", "").replaceFirst("-.*", "");
      return switch (listing) {
        case GUESTS, REPLICATION_JOBS -> now.holds("VM.Audit", "/vms/" + vmid);
        case POOL_MEMBERS ->
            now.holds("VM.Audit", "/vms/" + vmid) && now.holds("Pool.Audit", "/pool/prod");
        case STORAGES -> now.holds("Datastore.Audit", "/storage/" + key);
        case HA_RESOURCES, HA_PLACEMENTS -> now.holds("Sys.Audit", "/");
      };
    }

    /** Makes what is not listed, removes the jobs of what has left the pool. */
    private static List<Move> plan(Map<Listing, Set<String>> lists) {
      List<Move> steps = new ArrayList<>();
      for (String guest : GUESTS) {
        make(steps, lists, Listing.GUESTS, guest);
        make(steps, lists, Listing.HA_RESOURCES, "ct:" + guest);
        make(steps, lists, Listing.REPLICATION_JOBS, guest + "-0");
        String member = "prod/" + guest;
        if (lists.get(Listing.REPLICATION_JOBS).contains(guest + "-0")
            && !lists.get(Listing.POOL_MEMBERS).contains(member)) {
          steps.add(
              new Move("RemoveJob", guest, List.of(Absence.of(Listing.POOL_MEMBERS, member))));
        }
      }
      make(steps, lists, Listing.STORAGES, "tank");
      return steps;
    }

    private static void make(
        List<Move> steps, Map<Listing, Set<String>> lists, Listing listing, String key) {
      if (!lists.get(listing).contains(key)) {
        steps.add(new Move("Make" + listing, key, List.of(Absence.of(listing, key))));
      }
    }
  }
}
