/** Keeps the ledger of each HaResource: what is seen of it, what is saved, what is told. */
package io.pveha.operator.ledger;
