package io.pveha.core.move;

import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.NodeName;
import java.time.Instant;

/**
 * A guest that left a node in maintenance, to go back.
 *
 * @param home node that it left
 * @param at node where we brought it; a guest found elsewhere is not ours to bring back
 */
public record AwayGuest(GuestId guest, NodeName home, NodeName at, Instant since) {}
