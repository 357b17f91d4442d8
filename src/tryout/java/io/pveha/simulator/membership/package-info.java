/** Forming and joining clusters. */
package io.pveha.simulator.membership;
