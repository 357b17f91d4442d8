/** Simulated time and the one queue of events. */
package io.pveha.simulator.time;
