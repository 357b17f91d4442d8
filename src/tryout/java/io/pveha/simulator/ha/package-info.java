/** The HA daemons of a node, run by the HA core, and the HA calls of the API. */
package io.pveha.simulator.ha;
