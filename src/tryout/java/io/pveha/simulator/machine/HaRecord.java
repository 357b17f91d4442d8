package io.pveha.simulator.machine;

import io.pveha.core.ha.HaDaemon;
import io.pveha.core.ha.HaEvent;
import java.time.Instant;

/** Something that an HA daemon did, with time and place. */
public record HaRecord(Instant at, String node, HaDaemon daemon, HaEvent event) {}
