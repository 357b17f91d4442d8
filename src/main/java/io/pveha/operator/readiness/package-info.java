/** What becomes of the guests of a cluster if a node dies now: its inputs and its report. */
package io.pveha.operator.readiness;
