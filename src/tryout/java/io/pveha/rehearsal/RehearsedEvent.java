package io.pveha.rehearsal;

import io.pveha.core.ha.HaEvent;

/**
 * An event with its place in a rehearsal.
 *
 * @param time seconds since the rehearsal began
 * @param actor who tells it: {@code node1/crm}, {@code hardware}, {@code cmdlist} ...
 */
public record RehearsedEvent(long time, String actor, HaEvent event) {}
