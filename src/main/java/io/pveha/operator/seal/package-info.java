/** Tells what the operator wrote to a status from what others did. */
package io.pveha.operator.seal;
