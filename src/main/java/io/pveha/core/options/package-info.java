/** Options that hold for a whole cluster. */
package io.pveha.core.options;
