package io.pveha.core.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.failover.GuestForecast.Outcome;
import io.pveha.core.failover.GuestForecast.Stranded;
import io.pveha.core.ha.DatacenterOptions;
import io.pveha.core.ha.HaEvent.Kind;
import io.pveha.core.ha.HaTimings;
import io.pveha.core.ha.ManagerStatus;
import io.pveha.core.ha.RequestedState;
import io.pveha.core.ha.ServiceConfig;
import io.pveha.core.ha.ServiceState;
import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.NodeAffinityRule;
import io.pveha.core.placement.ResourceAffinityRule;
import io.pveha.core.placement.ResourceAffinityRule.Affinity;
import io.pveha.core.placement.SchedulerMode;
import io.pveha.core.placement.ServiceId;
import io.pveha.rehearsal.Operation;
import io.pveha.rehearsal.Rehearsal;
import io.pveha.rehearsal.RehearsedEvent;
import io.pveha.rehearsal.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Readiness on random clusters: it agrees with the HA manager, and its advice helps. */
class ReadinessPropertiesTest {

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void namesTheNodeThatTheManagerChooses(@ForAll long seed) {
    Random random = new Random(seed);
    List<String> nodes = names(3 + random.nextInt(4));
    SortedMap<ServiceId, ServiceConfig> services = new TreeMap<>();
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      services.put(
          ServiceId.of("vm:" + (100 + i)),
          new ServiceConfig(any(nodes, random), RequestedState.STARTED, null, false, 1, 1));
    }
    List<HaRule> rules = rules(services.keySet(), nodes, random);
    String lost = any(nodes, random);
    List<RehearsedEvent> events = Rehearsal.play(scenario(nodes, services, rules, lost));

    SortedMap<ServiceId, LiveGuest> guests = new TreeMap<>();
    Map<String, String> recovered = new TreeMap<>();
    boolean cut = false;
    Map<String, String> places = new TreeMap<>();
    services.forEach((sid, config) -> places.put(sid.value(), config.node()));
    for (RehearsedEvent event : events) {
      Map<String, Object> facts = event.event().facts();
      if (event.event().kind() == Kind.COMMAND
          && "network".equals(((Map<?, ?>) facts.get("command")).get("op"))) {
        cut = true;
        places.forEach((sid, node) -> guests.put(ServiceId.of(sid), LiveGuest.startedOn(node)));
      } else if (!cut && event.event().kind() == Kind.SERVICE_STATE && facts.get("node") != null) {
        places.put((String) facts.get("sid"), (String) facts.get("node"));
      } else if (cut && event.event().kind() == Kind.RECOVER) {
        recovered.putIfAbsent((String) facts.get("sid"), (String) facts.get("to"));
      }
    }
    SortedMap<String, LiveNode> live = new TreeMap<>();
    nodes.forEach(node -> live.put(node, bare()));
    LossForecast forecast =
        Readiness.of(
                new LiveCluster(
                    live,
                    guests,
                    rules,
                    SchedulerMode.BASIC,
                    0,
                    Optional.empty(),
                    true,
                    new TreeSet<>()),
                HaTimings.proxmox())
            .of(List.of(lost));

    Map<String, String> foreseen = new TreeMap<>();
    forecast.guests().stream()
        .filter(guest -> guest.outcome() == Outcome.RECOVERED)
        .forEach(guest -> foreseen.put(guest.guest().value(), guest.node().orElseThrow()));
    assertThat(foreseen).as("seed %d, loss of %s", seed, lost).isEqualTo(recovered);
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void oneDefectIsCuredByTheOneChangeThatIsNamed(@ForAll long seed) {
    Random random = new Random(seed);
    assertReleased(oneDefect(random), 1, seed);
  }

  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void followingTheAdviceReleasesEveryGuestInTheEnd(@ForAll long seed) {
    assertReleased(picture(new Random(seed)), 8, seed);
  }

  private static void assertReleased(LiveCluster picture, int changes, long seed) {
    Readiness readiness = Readiness.of(picture, HaTimings.proxmox());
    readiness
        .ofEach()
        .forEach(
            (lost, loss) ->
                loss.guests().stream()
                    .filter(GuestForecast::isStranded)
                    .forEach(guest -> assertReleased(picture, lost, guest, changes, seed)));
  }

  /** Three nodes of which any two could hold all guests, and one thing that is wrong. */
  private static LiveCluster oneDefect(Random random) {
    Pictures pictures = Pictures.threeNodes().guest(Pictures.WEB, Pictures.web());
    return switch (random.nextInt(8)) {
      case 0 -> pictures.disarmed().build();
      case 1 -> pictures.node("node3", Pictures::offline).build();
      case 2 ->
          pictures
              .guest(Pictures.WEB, Pictures.web().in(RequestedState.STARTED, ServiceState.ERROR))
              .build();
      case 3 ->
          pictures
              .rule(
                  NodeAffinityRule.of(
                      "home", List.of(Pictures.WEB), new TreeMap<>(Map.of("node1", 0)), true))
              .build();
      case 4 ->
          pictures
              .guest(
                  Pictures.WEB,
                  Pictures.web()
                      .withDisks(
                          Pictures.ids("tank"), Map.of("node3", Optional.of(Pictures.SYNCED))))
              .build();
      case 5 -> pictures.node("node2", node -> Pictures.withStorages(node, "local")).build();
      case 6 ->
          pictures
              .guest(Pictures.WEB, Pictures.web().withTries(1, 0))
              .node("node2", node -> Pictures.withFree(node, Pictures.GIB / 2))
              .build();
      default ->
          pictures
              .guest(ServiceId.of("ct:101"), LiveGuest.startedOn("node2"))
              .guest(ServiceId.of("ct:102"), LiveGuest.startedOn("node3"))
              .rule(
                  ResourceAffinityRule.of(
                      "apart",
                      List.of(Pictures.WEB, ServiceId.of("ct:101"), ServiceId.of("ct:102")),
                      Affinity.NEGATIVE))
              .build();
    };
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void countsEveryGuestOfTheLostNodeOnce(@ForAll long seed) {
    LiveCluster picture = picture(new Random(seed));
    Readiness.of(picture, HaTimings.proxmox())
        .ofEach()
        .forEach(
            (lost, loss) -> {
              assertThat(loss.guests()).extracting(GuestForecast::guest).doesNotHaveDuplicates();
              if (loss.quorate()) {
                assertThat(loss.guests())
                    .extracting(GuestForecast::guest)
                    .containsExactlyInAnyOrderElementsOf(
                        picture.guests().entrySet().stream()
                            .filter(guest -> guest.getValue().node().equals(lost))
                            .map(Map.Entry::getKey)
                            .toList());
              }
              loss.guests().stream()
                  .filter(guest -> guest.outcome() == Outcome.RECOVERED)
                  .forEach(guest -> assertThat(guest.node().orElseThrow()).isNotEqualTo(lost));
            });
  }

  /** Several things may be wrong at once; then each change uncovers the next. */
  private static void assertReleased(
      LiveCluster picture, String lost, GuestForecast guest, int changes, long seed) {
    List<String> story = new ArrayList<>();
    LiveCluster changed = picture;
    Optional<GuestForecast> now = Optional.of(guest);
    for (int i = 0; i < changes && now.filter(GuestForecast::isStranded).isPresent(); i++) {
      Stranded stranded = now.get().stranded().orElseThrow();
      story.add(stranded.message());
      changed = Advice.follow(changed, guest.guest(), stranded.remedy());
      now =
          Readiness.of(changed, HaTimings.proxmox()).of(List.of(lost)).guests().stream()
              .filter(other -> other.guest().equals(guest.guest()))
              .findFirst();
    }
    assertThat(now.filter(GuestForecast::isStranded))
        .as("seed %d, loss of %s: %s", seed, lost, story)
        .isEmpty();
  }

  private static LiveCluster picture(Random random) {
    List<String> nodes = names(2 + random.nextInt(5));
    SortedMap<String, LiveNode> live = new TreeMap<>();
    for (String name : nodes) {
      live.put(
          name,
          new LiveNode(
              random.nextInt(8) > 0,
              random.nextInt(10) > 0,
              1,
              8,
              16 * Pictures.GIB,
              random.nextBoolean()
                  ? OptionalLong.empty()
                  : OptionalLong.of(random.nextInt(6) * Pictures.GIB),
              random.nextInt(4) == 0
                  ? Optional.of(Pictures.ids("local"))
                  : Optional.of(Pictures.ids("local", "tank"))));
    }
    SortedMap<ServiceId, LiveGuest> guests = new TreeMap<>();
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      guests.put(ServiceId.of("vm:" + (100 + i)), guest(nodes, random));
    }
    return new LiveCluster(
        live,
        guests,
        rules(guests.keySet(), nodes, random),
        SchedulerMode.BASIC,
        0,
        Optional.of(any(nodes, random)),
        random.nextInt(12) > 0,
        new TreeSet<>());
  }

  private static LiveGuest guest(List<String> nodes, Random random) {
    Map<String, Optional<Instant>> replicas = new TreeMap<>();
    for (String node : nodes) {
      if (random.nextInt(3) > 0) {
        replicas.put(
            node, random.nextInt(5) == 0 ? Optional.empty() : Optional.of(Pictures.SYNCED));
      }
    }
    LiveGuest guest =
        LiveGuest.startedOn(any(nodes, random))
            .withFigures(1, random.nextInt(4) * Pictures.GIB, Duration.ofSeconds(1))
            .withTries(random.nextInt(3), random.nextInt(3));
    if (random.nextInt(10) == 0) {
      guest = guest.in(RequestedState.STARTED, ServiceState.ERROR);
    }
    return random.nextInt(4) == 0 ? guest : guest.withDisks(Pictures.ids("tank"), replicas);
  }

  private static List<HaRule> rules(
      Iterable<ServiceId> services, List<String> nodes, Random random) {
    List<HaRule> rules = new ArrayList<>();
    List<ServiceId> free = new ArrayList<>();
    for (ServiceId sid : services) {
      if (random.nextInt(3) == 0) {
        SortedMap<String, Integer> places = new TreeMap<>();
        places.put(any(nodes, random), random.nextInt(3));
        places.put(any(nodes, random), random.nextInt(3));
        rules.add(
            NodeAffinityRule.of("near-" + sid.name(), List.of(sid), places, random.nextBoolean()));
      } else {
        free.add(sid);
      }
    }
    if (free.size() > 1 && free.size() <= nodes.size() && random.nextInt(3) == 0) {
      rules.add(ResourceAffinityRule.of("apart", free, Affinity.NEGATIVE));
    }
    return rules;
  }

  private static Scenario scenario(
      List<String> nodes,
      SortedMap<ServiceId, ServiceConfig> services,
      List<HaRule> rules,
      String lost) {
    SortedMap<String, Scenario.Node> hardware = new TreeMap<>();
    nodes.forEach(node -> hardware.put(node, new Scenario.Node(false, false, null, null, "9.1.2")));
    List<Operation> on = nodes.stream().map(node -> op("power", node, "on")).toList();
    return new Scenario(
        "loss",
        hardware,
        new DatacenterOptions("conditional", DatacenterOptions.Crs.DEFAULT),
        services,
        Scenario.Loads.NONE,
        rules,
        new TreeMap<>(),
        ManagerStatus.EMPTY,
        List.of(on, List.of(), List.of(), List.of(op("network", lost, "off"))));
  }

  private static Operation op(String kind, String node, String value) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("op", kind);
    facts.put("node", node);
    facts.put("value", value);
    return Operation.of(facts);
  }

  private static LiveNode bare() {
    return new LiveNode(true, true, 1, 0, 0, OptionalLong.empty(), Optional.empty());
  }

  private static List<String> names(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      names.add("node" + i);
    }
    return names;
  }

  private static String any(List<String> nodes, Random random) {
    return nodes.get(random.nextInt(nodes.size()));
  }

  /** Follows an advice: the same cluster with that one change. */
  private static final class Advice {

    private final SortedMap<String, LiveNode> nodes;
    private final SortedMap<ServiceId, LiveGuest> guests;
    private final List<HaRule> rules;
    private boolean armed;
    private int deviceVotes;

    private Advice(LiveCluster picture) {
      nodes = new TreeMap<>(picture.nodes());
      guests = new TreeMap<>(picture.guests());
      rules = new ArrayList<>(picture.rules());
      armed = picture.armed();
      deviceVotes = picture.deviceVotes();
    }

    static LiveCluster follow(LiveCluster picture, ServiceId sid, Remedy remedy) {
      Advice advice = new Advice(picture);
      advice.change(sid, remedy);
      return new LiveCluster(
          advice.nodes,
          advice.guests,
          advice.rules,
          picture.scheduler(),
          advice.deviceVotes,
          picture.master(),
          advice.armed,
          picture.sharedStorages());
    }

    private void change(ServiceId sid, Remedy remedy) {
      LiveGuest guest = guests.get(sid);
      switch (remedy.kind()) {
        case ADD_VOTES -> deviceVotes += nodes.size();
        case ARM -> armed = true;
        case CLEAR_ERROR -> guests.put(sid, guest.in(RequestedState.STARTED, ServiceState.STARTED));
        case RESTART_AGENT ->
            guests.put(sid, guest.in(RequestedState.STARTED, ServiceState.STARTED));
        case BRING_NODE ->
            List.of(remedy.node().isEmpty() ? "added" : remedy.node()).stream()
                .flatMap(names -> java.util.Arrays.stream(names.split(",")))
                .forEach(this::bring);
        case ALLOW_NODE ->
            rules.replaceAll(
                rule -> rule.id().equals(remedy.subject()) ? allow(rule, remedy) : rule);
        case LEAVE_RULE ->
            rules.replaceAll(
                rule -> remedy.subject().contains(rule.id()) ? leave(rule, sid) : rule);
        case PREFER_NODE -> {
          rules.removeIf(
              rule -> rule instanceof NodeAffinityRule && rule.resources().contains(sid));
          rules.add(
              NodeAffinityRule.of(
                  "prefer", List.of(sid), new TreeMap<>(Map.of(remedy.node(), 5)), false));
        }
        case ADD_STORAGE ->
            nodes.computeIfPresent(
                remedy.node(), (name, node) -> Pictures.withStorages(node, "local", "tank"));
        case ADD_REPLICA, FINISH_SYNC -> {
          Map<String, Optional<Instant>> replicas = new TreeMap<>(guest.replicas());
          replicas.put(remedy.node(), Optional.of(Pictures.SYNCED));
          SortedSet<String> storages = guest.storages().orElseThrow();
          guests.put(sid, guest.withDisks(storages, replicas));
        }
        case FREE_MEMORY ->
            nodes.computeIfPresent(
                remedy.node(),
                (name, node) ->
                    Pictures.withFree(
                        node,
                        node.freeMemoryBytes().getAsLong() + Long.parseLong(remedy.subject())));
      }
    }

    private void bring(String name) {
      LiveNode old = nodes.getOrDefault(name, bare());
      nodes.put(
          name,
          new LiveNode(
              true,
              true,
              old.votes(),
              old.cores(),
              old.memoryBytes(),
              OptionalLong.empty(),
              Optional.empty()));
      guests.replaceAll(
          (sid, guest) ->
              guest.storages().isEmpty()
                  ? guest
                  : guest.withDisks(guest.storages().get(), synced(guest, name)));
    }

    private static Map<String, Optional<Instant>> synced(LiveGuest guest, String node) {
      Map<String, Optional<Instant>> replicas = new TreeMap<>(guest.replicas());
      replicas.put(node, Optional.of(Pictures.SYNCED));
      return replicas;
    }

    private static HaRule allow(HaRule rule, Remedy remedy) {
      NodeAffinityRule affinity = (NodeAffinityRule) rule;
      SortedMap<String, Integer> places = new TreeMap<>(affinity.nodes());
      places.put(remedy.node(), 0);
      return NodeAffinityRule.of(
          rule.id(), List.copyOf(rule.resources()), places, affinity.strict());
    }

    private static HaRule leave(HaRule rule, ServiceId sid) {
      TreeSet<ServiceId> left = new TreeSet<>(rule.resources());
      left.remove(sid);
      return rule.withResources(left);
    }
  }
}
