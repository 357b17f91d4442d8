package io.pveha.core.safety;

import io.pveha.core.plan.Step;
import io.pveha.core.plan.StepKey;
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
import java.util.function.BiPredicate;

/**
 * A random world, seen with random privileges that are lost and given back, through members of
 * which one lags. Things go in it by hand, and privileges come and go; nothing comes, since that is
 * what steps are for.
 */
final class DarkWorld {
  private static final Set<Listing> IN_POOLS =
      Set.of(Listing.GUESTS, Listing.POOL_MEMBERS, Listing.REPLICATION_JOBS, Listing.STORAGES);
  static final List<String> GUESTS = List.of("100", "101", "102", "103");

  private static final int ROUNDS = 60;
  private static final int SECONDS = 2;
  private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");

  /** What of the guard is taken out. */
  enum Without {
    ALL,
    PRIVILEGES,
    AGREEMENT
  }

  /** Plans from lists alone, keyed as {@link Listing} says. */
  interface Planner {
    List<? extends Step> plan(Map<Listing, Set<String>> lists);

    /** Whether a step that full sight would not plan does no harm all the same. */
    default boolean isHarmless(Step step, Map<Listing, Set<String>> now) {
      return false;
    }
  }

  private final Random random;
  private final Planner planner;
  private final List<Map<Listing, Set<String>>> history = new ArrayList<>();
  private final Map<String, Map<String, Boolean>> granted = new HashMap<>();
  private final Set<String> keptOut = new HashSet<>();
  private final int lagging;
  private HeldPrivileges told = HeldPrivileges.NOT_ASKED;
  private Instant toldAt = START;
  private AbsenceLog log = AbsenceLog.EMPTY;
  private long passed;

  /** A world of this seed, seen by whoever plans from it. */
  DarkWorld(long seed, Planner planner) {
    this.planner = planner;
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
        all.get(Listing.REPLICATION_JOBS).add(guest + "-1");
        all.get(Listing.HA_PLACEMENTS).add("pveha-ct-" + guest);
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

  /** Steps that passed, and that full sight would not plan, be it of the same two members. */
  List<String> violations(Optional<Without> without) {
    List<String> violations = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      Instant at = START.plusSeconds((long) round * SECONDS);
      happen();
      List<Map<Listing, Set<String>>> views = views();
      Map<Listing, Set<String>> seen = together(views, this::isShown);
      log = log.look(keys(seen), true, at);
      if (round % 7 == 0) {
        told = HeldPrivileges.of(granted, entries());
        toldAt = at;
      }
      Sight sight = sight(without, seen);
      Map<Listing, Set<String>> now = history.get(history.size() - 1);
      Set<StepKey> right = new HashSet<>();
      planner.plan(now).forEach(step -> right.add(step.key()));
      planner.plan(together(views, (listing, key) -> true)).forEach(step -> right.add(step.key()));
      for (Step step : planner.plan(seen)) {
        if (AbsenceGuard.doubt(step, sight).isEmpty()) {
          passed++;
          if (!right.contains(step.key()) && !planner.isHarmless(step, now)) {
            violations.add("%s at round %d".formatted(step.sentence(), round));
          }
        }
      }
    }
    return violations;
  }

  private Sight sight(Optional<Without> without, Map<Listing, Set<String>> seen) {
    if (without.filter(part -> part == Without.ALL).isPresent()) {
      return Sight.FULL;
    }
    HeldPrivileges held =
        without.filter(part -> part == Without.PRIVILEGES).isPresent()
            ? HeldPrivileges.of(everything(), Map.of())
            : told;
    Sight sight = Sight.of(held, toldAt, keys(seen), Map.of(), log);
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

  /** What the two members have that are asked: one is up to date, the other lags. */
  private List<Map<Listing, Set<String>>> views() {
    int last = history.size() - 1;
    List<Map<Listing, Set<String>>> views = new ArrayList<>();
    views.add(history.get(last));
    if (random.nextInt(10) > 0) {
      views.add(history.get(Math.max(0, last - lagging)));
    }
    return views;
  }

  /** What they list together. */
  private static Map<Listing, Set<String>> together(
      List<Map<Listing, Set<String>>> views, BiPredicate<Listing, String> shown) {
    Map<Listing, Set<String>> all = new EnumMap<>(Listing.class);
    for (Listing listing : Listing.values()) {
      Set<String> keys = new HashSet<>();
      for (Map<Listing, Set<String>> view : views) {
        view.get(listing).stream().filter(key -> shown.test(listing, key)).forEach(keys::add);
      }
      all.put(listing, keys);
    }
    return all;
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

  /** How often a step passed. */
  long passed() {
    return passed;
  }

  /** A job is looked up by its target as well: the first leads to node2, the second to node3. */
  private static Map<Listing, Set<String>> keys(Map<Listing, Set<String>> lists) {
    Map<Listing, Set<String>> keys = new EnumMap<>(lists);
    Set<String> jobs = new HashSet<>(lists.get(Listing.REPLICATION_JOBS));
    lists
        .get(Listing.REPLICATION_JOBS)
        .forEach(id -> jobs.add(id.replace("-0", ">node2").replace("-1", ">node3")));
    keys.put(Listing.REPLICATION_JOBS, jobs);
    return keys;
  }
}
