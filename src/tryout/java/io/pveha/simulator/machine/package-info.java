/**
 * Nodes without what makes them a Proxmox VE: power, network, corosync, the cluster file system,
 * services and tasks. What else a node has are {@link io.pveha.simulator.machine.MachinePart}s,
 * which are in packages of their own and know this one.
 */
package io.pveha.simulator.machine;
