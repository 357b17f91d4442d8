/**
 * A Proxmox VE cluster that is not there: nodes, corosync membership, the replicated configuration,
 * disks and pools, guests, replication and the HA daemons, in one process and without HTTP.
 *
 * <p>All state belongs to one {@link io.pveha.simulator.world.World} and is touched only under its
 * clock's lock. Everything that happens by itself is an event on that clock, so the same spec, seed
 * and calls give the same history.
 */
package io.pveha.simulator.world;
