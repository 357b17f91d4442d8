/**
 * A small HTTP/1.1 server, made for what the JDK's own can't do: any text in the status line,
 * another certificate from one connection to the next, connections that break or fall silent.
 */
package io.pveha.simulator.api.web;
