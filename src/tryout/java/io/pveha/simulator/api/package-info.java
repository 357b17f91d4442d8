/**
 * The HTTP face of the simulated cluster: one HTTPS server for each node, the calls of the Proxmox
 * API translated to the world, the administration of faults, and the pages of the guests.
 *
 * <p>A request goes through {@link io.pveha.simulator.api.NodeApi}: route, login, token bar,
 * permission, forwarding, parameters, handler. Handlers hold the world's lock and wait for nothing.
 */
package io.pveha.simulator.api;
