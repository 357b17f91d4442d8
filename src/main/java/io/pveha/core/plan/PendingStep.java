package io.pveha.core.plan;

import java.time.Instant;
import java.util.Optional;

/**
 * A step that was asked of Proxmox, or was about to be when the operator died.
 *
 * @param key what was asked
 * @param node the node that was asked; empty when any member was
 * @param upid task that does it; empty until known, and for steps that have none
 * @param startedAt when it was asked
 * @param deadline when waiting ends and it may be asked again if the facts still lack it
 * @param attempt 1 for the first
 */
public record PendingStep(
    StepKey key,
    Optional<String> node,
    Optional<String> upid,
    Instant startedAt,
    Instant deadline,
    int attempt) {}
