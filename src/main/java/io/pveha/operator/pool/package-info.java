/** ZfsPool: pools of one name on several nodes, and the storage entry that they share. */
package io.pveha.operator.pool;
