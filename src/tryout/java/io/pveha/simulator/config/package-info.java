/**
 * The replicated configuration of a cluster: its files, and what stands in them of guests and HA.
 */
package io.pveha.simulator.config;
