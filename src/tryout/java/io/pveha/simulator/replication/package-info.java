/** Replication jobs of a node and their runs. */
package io.pveha.simulator.replication;
