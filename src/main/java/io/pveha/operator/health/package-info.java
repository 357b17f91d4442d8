/** Health of the nodes of a cluster: conditions, rules, and what others say of nodes. */
package io.pveha.operator.health;
