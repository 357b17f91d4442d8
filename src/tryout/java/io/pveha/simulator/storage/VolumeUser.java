package io.pveha.simulator.storage;

import java.util.Collection;

/** What writes to the volumes of a node. */
public interface VolumeUser {

  /** Whether one of these volumes is in use. */
  boolean usesAny(Collection<VolumeData> volumes);

  /** Pools of the node failed, or work again. */
  void poolsChanged();
}
