/** ProxmoxCluster: forms or adopts it, watches it, reports it. */
package io.pveha.operator.cluster;
