/** What would become of the guests if nodes died now. */
package io.pveha.core.failover;
