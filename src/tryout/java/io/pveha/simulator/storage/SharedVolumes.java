package io.pveha.simulator.storage;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What lies on the storages that all nodes share. */
public final class SharedVolumes {

  private final Map<String, Map<String, VolumeData>> storages = new TreeMap<>();

  /** By name, on the storage of that id. */
  Map<String, VolumeData> on(String storage) {
    return storages.computeIfAbsent(storage, key -> new LinkedHashMap<>());
  }
}
