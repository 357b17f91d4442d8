/** How a guest comes to exist. */
package io.pveha.core.guest;
