package io.pveha.core.guest;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.safety.Absence;
import io.pveha.core.safety.Listing;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A guest that should exist.
 *
 * @param container whether it is a container; else a virtual machine
 * @param create how to make it; empty when it must exist already
 * @param ordered whether its owner orders it to be recreated
 */
public record WantedGuest(int vmid, boolean container, Optional<Create> create, boolean ordered) {

  /** One that nobody orders to be recreated. */
  public WantedGuest(int vmid, boolean container, Optional<Create> create) {
    this(vmid, container, create, false);
  }

  /** What is taken for absent by whoever makes it. */
  public Absence absence() {
    return new Absence(Listing.GUESTS, Optional.of(Integer.toString(vmid)), ordered);
  }

  /** {@code ct:100} or {@code vm:100}. */
  public String sid() {
    return (container ? "ct:" : "vm:") + vmid;
  }

  /** The kind in words. */
  public String kind() {
    return container ? "container" : "virtual machine";
  }

  /**
   * How it is made. Exactly one of template and cloneOf for a container; at most cloneOf else.
   *
   * @param candidates nodes to make it on, the first that can take it
   */
  public record Create(
      List<NodeName> candidates,
      String hostname,
      Optional<String> template,
      OptionalInt cloneOf,
      boolean fullClone,
      Optional<String> storage,
      OptionalLong diskGiB,
      int cores,
      long memoryMiB,
      List<Network> network,
      boolean unprivileged,
      boolean start) {

    public Create {
      candidates = List.copyOf(candidates);
      network = List.copyOf(network);
    }
  }

  /** An interface, in order; a container's has an address, too. */
  public record Network(
      String bridge,
      Optional<String> name,
      Optional<String> ip,
      Optional<String> gateway,
      OptionalInt vlan) {}
}
