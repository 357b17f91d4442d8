/** Asks guests from outside whether they answer, in threads of its own. */
package io.pveha.operator.probe;
