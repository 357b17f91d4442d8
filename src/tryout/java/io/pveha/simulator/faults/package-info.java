/** Breaking things in a simulated world on purpose, and putting them right again. */
package io.pveha.simulator.faults;
