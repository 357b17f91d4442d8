/** Moves of guests by our doing: synced first, then moved, each once. */
package io.pveha.core.move;
