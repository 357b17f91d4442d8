/** How bare nodes become one cluster, how a cluster is adopted, and what its votes allow. */
package io.pveha.core.formation;
