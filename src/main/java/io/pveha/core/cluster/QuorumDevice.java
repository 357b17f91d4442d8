package io.pveha.core.cluster;

import java.util.Optional;

/**
 * An external tie-breaker.
 *
 * @param state in Proxmox's words, as in {@code Connected}
 * @param host the server behind it
 */
public record QuorumDevice(
    Optional<String> model,
    Optional<String> algorithm,
    Optional<String> state,
    Optional<String> host) {}
