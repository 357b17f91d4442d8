/** Which replication jobs a guest should have, seen from where it is, and how fresh they are. */
package io.pveha.core.replication;
