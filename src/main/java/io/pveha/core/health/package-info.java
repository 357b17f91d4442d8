/**
 * Health of nodes: conditions from what is known of them, rules about conditions, and the guards
 * that stand before every automatic action.
 */
package io.pveha.core.health;
