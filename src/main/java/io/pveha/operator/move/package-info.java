/** Moves of guests off nodes and back: what they are decided on, and carried out by. */
package io.pveha.operator.move;
