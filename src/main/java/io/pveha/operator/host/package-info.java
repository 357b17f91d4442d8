/** What pools, replications and resources have in common: the cluster that they belong to. */
package io.pveha.operator.host;
