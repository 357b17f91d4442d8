package io.pveha.core.cluster;

import java.time.Instant;
import java.util.Optional;

/**
 * How a replication job goes, as told by the node that holds its guest; no other node knows.
 *
 * @param lastSync start of the last good run, which is the recovery point; empty means unknown on
 *     this node, not never
 * @param lastTry start of the last run; empty when unknown
 * @param nextSync empty when none is planned, as while the target is offline
 * @param failCount failures in a row
 * @param error of the last run, in Proxmox's words
 */
public record ReplicationRun(
    ReplicationJobId id,
    NodeName target,
    Optional<Instant> lastSync,
    Optional<Instant> lastTry,
    Optional<Instant> nextSync,
    int failCount,
    Optional<String> error,
    boolean running) {}
