/** Plans as they stand in status, and their steps carried out: the same for all kinds. */
package io.pveha.operator.steps;
