/** From the spec of a ProxmoxCluster and its Secrets to connections, and failures in its words. */
package io.pveha.operator.connection;
