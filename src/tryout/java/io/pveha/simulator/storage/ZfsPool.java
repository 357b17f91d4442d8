package io.pveha.simulator.storage;

import io.pveha.simulator.storage.NodeDisks.PoolDetail;
import io.pveha.simulator.storage.NodeDisks.PoolSummary;
import io.pveha.simulator.storage.NodeDisks.Vdev;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A pool on one node. */
final class ZfsPool {

  private static final DateTimeFormatter ZPOOL_TIME =
      DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final String name;
  private final RaidLevel level;
  private List<NodeDisks.Disk> devices;
  private final Instant created;
  private final Map<String, Map<String, VolumeData>> datasets = new LinkedHashMap<>();
  private final Map<String, String> brokenDevices = new LinkedHashMap<>();
  private String forcedState;

  ZfsPool(String name, RaidLevel level, List<NodeDisks.Disk> devices, Instant created) {
    this.name = name;
    this.level = level;
    this.devices = List.copyOf(devices);
    this.created = created;
  }

  String name() {
    return name;
  }

  /** The volumes that are direct children of a dataset: the pool itself, or one below it. */
  Map<String, VolumeData> volumes(String dataset) {
    return datasets.computeIfAbsent(dataset, any -> new LinkedHashMap<>());
  }

  /** All volumes of the pool, by dataset and name. */
  Map<String, VolumeData> volumes() {
    Map<String, VolumeData> all = new LinkedHashMap<>();
    datasets.forEach(
        (dataset, volumes) ->
            volumes.forEach((volume, data) -> all.put(dataset + "/" + volume, data)));
    return all;
  }

  List<NodeDisks.Disk> devices() {
    return devices;
  }

  /** Two disks changed names; the pool knows its own by their ids. */
  void swapNames(String one, String other) {
    Map<String, String> names = Map.of(one, other, other, one);
    devices =
        devices.stream()
            .map(disk -> disk.named(names.getOrDefault(disk.devpath(), disk.devpath())))
            .toList();
    Map<String, String> broken = new LinkedHashMap<>(brokenDevices);
    brokenDevices.clear();
    broken.forEach((path, state) -> brokenDevices.put(names.getOrDefault(path, path), state));
  }

  /** Sets the state by hand; null lets it follow the disks. */
  void force(String state) {
    forcedState = "ONLINE".equals(state) ? null : state;
  }

  /** A device of it fails ({@code FAULTED}, {@code DEGRADED}) or works again (null). */
  void device(String devpath, String state) {
    if (state == null) {
      brokenDevices.remove(devpath);
    } else {
      brokenDevices.put(devpath, state);
    }
  }

  String state() {
    if (forcedState != null) {
      return forcedState;
    }
    long dead = brokenDevices.values().stream().filter("FAULTED"::equals).count();
    if (dead > level.redundancy(devices.size())) {
      return "SUSPENDED";
    }
    return brokenDevices.isEmpty() ? "ONLINE" : "DEGRADED";
  }

  /** Whether data can be read and written. */
  boolean isUsable() {
    return state().equals("ONLINE") || state().equals("DEGRADED");
  }

  long size() {
    long smallest = devices.stream().mapToLong(NodeDisks.Disk::size).min().orElse(0);
    return (long) (level.size(smallest, devices.size()) * 0.996) & -512;
  }

  long alloc() {
    return 560_000 + volumes().values().stream().mapToLong(VolumeData::usedBytes).sum();
  }

  PoolSummary summary() {
    int frag = (int) (100 * alloc() / Math.max(1, size()) / 8);
    return new PoolSummary(name, size(), alloc(), size() - alloc(), frag, 1.0, state());
  }

  PoolDetail detail() {
    String state = state();
    String status =
        switch (state) {
          case "ONLINE" -> null;
          case "DEGRADED" ->
              "One or more devices are faulted in response to persistent errors."
                  + " Sufficient replicas exist for the pool to continue functioning in a degraded"
                  + " state.";
          default -> "One or more devices are faulted in response to IO failures.";
        };
    String action =
        switch (state) {
          case "ONLINE" -> null;
          case "DEGRADED" ->
              "Replace the faulted device, or use 'zpool clear' to mark the device repaired.";
          default -> "Make sure the affected devices are connected, then run 'zpool clear'.";
        };
    String scan = "none requested";
    if (!brokenDevices.isEmpty()) {
      scan = "scrub repaired 0B in 00:00:01 with 0 errors on " + ZPOOL_TIME.format(created);
    }
    String errors = isUsable() ? "No known data errors" : "4 data errors, use '-v' for a list";
    return new PoolDetail(name, state, status, action, scan, errors, List.of(tree(state)));
  }

  private Vdev tree(String state) {
    List<Vdev> leaves = new ArrayList<>();
    for (NodeDisks.Disk disk : devices) {
      String health = brokenDevices.getOrDefault(disk.devpath(), "ONLINE");
      boolean broken = !health.equals("ONLINE");
      leaves.add(
          new Vdev(
              disk.byIdLink().substring(disk.byIdLink().lastIndexOf('/') + 1),
              health,
              broken ? 6 : 0,
              broken ? 214 : 0,
              0,
              broken ? "too many errors" : "",
              List.of()));
    }
    List<Vdev> children = level.group(leaves, state);
    return new Vdev(name, state, 0, 0, 0, "", children);
  }
}
