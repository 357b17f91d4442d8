/** The page on which a browser shows the simulated cluster live and lets one pull a plug. */
package io.pveha.simulator.page;
