package io.pveha.simulator.storage;

import java.util.SortedSet;

/** Files of a node on storages that are not shared. */
public interface LocalFiles {

  /** Files on a storage, as {@code local:iso/debian.iso}. */
  SortedSet<String> files(String storage);
}
