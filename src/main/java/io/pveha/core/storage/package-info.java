/** How a pool of one name comes to every node, and one storage entry to all of them. */
package io.pveha.core.storage;
