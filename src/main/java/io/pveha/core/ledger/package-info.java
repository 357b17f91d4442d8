/** The ledger: what each change of a guest's node has cost, from what was seen of it. */
package io.pveha.core.ledger;
