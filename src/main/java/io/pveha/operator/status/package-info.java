/** Conditions, Events and saving of status: the same for all kinds. */
package io.pveha.operator.status;
