/** Metrics for Prometheus, as {@code docs/metrics.md} lists them. */
package io.pveha.operator.metrics;
