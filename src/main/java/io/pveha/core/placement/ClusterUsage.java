package io.pveha.core.placement;

import io.pveha.core.placement.LoadFigures.Load;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who uses which online node, and how full that makes each. A working copy: services are placed one
 * after the other, each seeing the ones before. Not thread-safe.
 */
public final class ClusterUsage {

  private final SchedulerMode mode;
  private final LoadFigures figures;
  private final List<String> nodes;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final Map<ServiceId, ServicePlace> places = new HashMap<>();
  private final Set<ServiceId> onlyCounted = new HashSet<>();
  private final List<TreeSet<ServiceId>> on = new ArrayList<>();
  private final double[] cpuCapacity;
  private final double[] memoryCapacity;
  private final NodeLoads measured;
  private final NodeLoads starting;
  private final boolean[] stale;

  /**
   * Nobody uses anything yet. A node without figures turns {@code static} and {@code dynamic} into
   * {@code basic}: see {@link #mode()}.
   *
   * @param online nodes that services can be placed on
   */
  public ClusterUsage(SchedulerMode wanted, Collection<String> online, LoadFigures figures) {
    this.figures = figures;
    this.nodes = List.copyOf(new TreeSet<>(online));
    boolean known = nodes.stream().allMatch(node -> isUsable(figures.nodes().get(node)));
    this.mode = known ? wanted : SchedulerMode.BASIC;
    this.cpuCapacity = new double[nodes.size()];
    this.memoryCapacity = new double[nodes.size()];
    for (int i = 0; i < nodes.size(); i++) {
      indexes.put(nodes.get(i), i);
      on.add(new TreeSet<>());
      if (mode != SchedulerMode.BASIC) {
        cpuCapacity[i] = figures.nodes().get(nodes.get(i)).cpu();
        memoryCapacity[i] = figures.nodes().get(nodes.get(i)).memory();
      }
    }
    this.measured = mode == SchedulerMode.DYNAMIC ? measure() : noLoads();
    this.starting = noLoads();
    this.stale = new boolean[nodes.size()];
    Arrays.fill(stale, true);
  }

  private static boolean isUsable(Load capacity) {
    return capacity != null && capacity.cpu() > 0 && capacity.memory() > 0;
  }

  private NodeLoads noLoads() {
    return new NodeLoads(cpuCapacity, memoryCapacity);
  }

  private NodeLoads measure() {
    NodeLoads loads = noLoads();
    figures
        .running()
        .forEach(
            (sid, node) -> {
              Integer index = indexes.get(node);
              Load load = figures.measured().get(sid);
              if (index != null && load != null) {
                loads.add(index, load);
              }
            });
    return loads;
  }

  /** The scheduler that is really used. */
  public SchedulerMode mode() {
    return mode;
  }

  /** Online nodes by name. */
  public List<String> nodes() {
    return nodes;
  }

  /** Places a service, or places it again. Nodes that are not online are left out. */
  public void place(ServiceId sid, ServicePlace wanted) {
    onlyCounted.remove(sid);
    ServicePlace place = wanted.among(indexes.keySet());
    ServicePlace before = places.put(sid, place);
    if (before != null) {
      leave(before.current(), sid);
      leave(before.target(), sid);
    }
    enter(place.current(), sid);
    enter(place.target(), sid);
  }

  private void enter(String node, ServiceId sid) {
    if (node != null) {
      touch(node).add(sid);
    }
  }

  private void leave(String node, ServiceId sid) {
    if (node != null) {
      touch(node).remove(sid);
    }
  }

  /**
   * Counts a service that nobody manages yet: it weighs on its node, but services to be kept
   * together with it or apart from it do not look at it.
   */
  public void count(ServiceId sid, ServicePlace place) {
    place(sid, place);
    onlyCounted.add(sid);
  }

  private TreeSet<ServiceId> touch(String node) {
    int index = indexes.get(node);
    stale[index] = true;
    return on.get(index);
  }

  /** What the service uses; {@link ServicePlace#NOWHERE} if nothing is known of it. */
  public ServicePlace placeOf(ServiceId sid) {
    return places.getOrDefault(sid, ServicePlace.NOWHERE);
  }

  /** What a service uses for those that must be kept together with it or apart from it. */
  ServicePlace partnerPlace(ServiceId sid) {
    return onlyCounted.contains(sid) ? ServicePlace.NOWHERE : placeOf(sid);
  }

  /** Whether a load scheduler can't count this service. */
  public boolean lacksFigures(ServiceId sid) {
    return switch (mode) {
      case BASIC -> false;
      case STATIC -> !figures.configured().containsKey(sid);
      case DYNAMIC ->
          !figures.configured().containsKey(sid) || !figures.measured().containsKey(sid);
    };
  }

  /**
   * How bad each node, by index, would be as the place of the service; less is better. All 0 when
   * the service has no figures.
   */
  public double[] scores(ServiceId sid) {
    double[] scores = new double[nodes.size()];
    if (mode == SchedulerMode.BASIC) {
      for (int k = 0; k < scores.length; k++) {
        scores[k] = on.get(k).size();
      }
      return scores;
    }
    if (lacksFigures(sid)) {
      return scores;
    }
    double[] quality =
        Topsis.quality(startingLoads().criteriaWithStartOnEach(figures.configured().get(sid)));
    for (int k = 0; k < scores.length; k++) {
      scores[k] = -quality[k];
    }
    return scores;
  }

  int index(String node) {
    return indexes.getOrDefault(node, -1);
  }

  /** Loads in which every placed service counts that does not show in the measured ones yet. */
  private NodeLoads startingLoads() {
    for (int j = 0; j < stale.length; j++) {
      if (stale[j]) {
        starting.cpu[j] = measured.cpu[j];
        starting.memory[j] = measured.memory[j];
        for (ServiceId sid : on.get(j)) {
          boolean counted =
              !lacksFigures(sid) && (mode == SchedulerMode.STATIC || !placeOf(sid).confirmed());
          if (counted) {
            starting.start(j, figures.configured().get(sid));
          }
        }
        stale[j] = false;
      }
    }
    return starting;
  }

  /** Loads by which balance is judged: measured, or as configured. */
  NodeLoads balanceLoads() {
    return mode == SchedulerMode.STATIC ? startingLoads().copy() : measured.copy();
  }

  /** What moving the service would take along, or null. */
  Load movableLoad(ServiceId sid) {
    return mode == SchedulerMode.STATIC
        ? figures.configured().get(sid)
        : figures.measured().get(sid);
  }

  /** How uneven the nodes are loaded; 0 for {@code basic}. See {@link NodeLoads#imbalance}. */
  public double imbalance(boolean spread) {
    return mode == SchedulerMode.BASIC ? 0 : balanceLoads().imbalance(spread);
  }
}
