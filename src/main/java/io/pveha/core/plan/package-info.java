/**
 * What all planners share: steps, findings, the memory of what was asked, and the gate that keeps a
 * step from being taken twice.
 */
package io.pveha.core.plan;
