/**
 * Guests of a node: configuration, processes, creation, moves, backups, and what they use of a
 * node.
 */
package io.pveha.simulator.guests;
