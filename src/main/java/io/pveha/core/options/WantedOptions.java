package io.pveha.core.options;

import java.util.Optional;

/** HA options of a cluster, in Proxmox's words; what is empty stays as Proxmox has it. */
public record WantedOptions(
    Optional<String> scheduler,
    Optional<Boolean> rebalanceOnStart,
    Optional<String> shutdownPolicy) {

  public static final WantedOptions NONE =
      new WantedOptions(Optional.empty(), Optional.empty(), Optional.empty());
}
