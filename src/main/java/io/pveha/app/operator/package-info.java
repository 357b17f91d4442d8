/** The operator's wiring: in Quarkus for users, by hand for tests and try-outs. */
package io.pveha.app.operator;
