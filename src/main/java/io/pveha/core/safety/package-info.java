/**
 * What must never happen, one class a rule: pure decisions that every planner and every write asks.
 * What is not listed is unknown until proven absent; one thing has one owner; what can't be undone
 * never follows from a list alone.
 */
package io.pveha.core.safety;
