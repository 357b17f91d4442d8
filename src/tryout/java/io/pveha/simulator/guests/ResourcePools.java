package io.pveha.simulator.guests;

import io.pveha.simulator.config.Section;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.WorldFailure;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The cluster's resource pools, from one node; a guest names its pool in its own entry. */
public final class ResourcePools {

  private final Machine node;

  public ResourcePools(Machine node) {
    this.node = node;
  }

  public void create(String pool, Optional<String> comment) {
    if (exists(pool)) {
      throw new WorldFailure.Refused("create pool failed: pool '" + pool + "' already exists");
    }
    put(pool, comment);
  }

  /** Changes the comment, when there is one. */
  public void update(String pool, Optional<String> comment) {
    require(pool);
    if (comment.isPresent()) {
      put(pool, comment);
    }
  }

  /**
   * Puts a guest into the pool or takes it out.
   *
   * @param move whether it may be taken out of another pool
   */
  public void member(String pool, int vmid, boolean remove, boolean move) {
    require(pool);
    String id = Integer.toString(vmid);
    if (node.config().entry(Section.GUESTS, id).isEmpty()) {
      throw new WorldFailure.Refused("update pools failed: VM " + vmid + " does not exist");
    }
    Optional<String> former = node.config().property(Section.GUESTS, id, "resource-pool");
    boolean elsewhere = former.isPresent() && !former.get().equals(pool);
    if (remove && !former.equals(Optional.of(pool))) {
      throw new WorldFailure.Refused("update pools failed: VM " + vmid + " is not a pool member");
    }
    if (!remove && elsewhere && !move) {
      throw new WorldFailure.Refused(
          "update pools failed: VM " + vmid + " belongs already to pool '" + former.get() + "'");
    }
    node.write(
        Section.RESOURCE_POOLS,
        config -> config.with(Section.GUESTS, id, "resource-pool", remove ? null : pool));
  }

  public void delete(String pool) {
    require(pool);
    boolean used =
        node.config().section(Section.GUESTS).values().stream()
            .anyMatch(guest -> pool.equals(guest.get("resource-pool")));
    if (used) {
      throw new WorldFailure.Refused("delete pool failed: pool '" + pool + "' is not empty");
    }
    node.write(Section.RESOURCE_POOLS, config -> config.without(Section.RESOURCE_POOLS, pool));
  }

  private void put(String pool, Optional<String> comment) {
    Map<String, String> properties = new TreeMap<>();
    comment.ifPresent(text -> properties.put("comment", text));
    node.write(
        Section.RESOURCE_POOLS, config -> config.with(Section.RESOURCE_POOLS, pool, properties));
  }

  private boolean exists(String pool) {
    return node.config().entry(Section.RESOURCE_POOLS, pool).isPresent();
  }

  private void require(String pool) {
    if (!exists(pool)) {
      throw new WorldFailure.Refused("pool '" + pool + "' does not exist");
    }
  }
}
