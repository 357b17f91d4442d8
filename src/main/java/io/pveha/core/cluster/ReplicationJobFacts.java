package io.pveha.core.cluster;

import java.util.Optional;

/**
 * A replication job as configured.
 *
 * @param source where it was last seen to start from; empty until it ran once
 * @param removing whether it is marked for removal
 */
public record ReplicationJobFacts(
    ReplicationJobId id,
    NodeName target,
    Optional<NodeName> source,
    String schedule,
    boolean disabled,
    boolean removing) {}
