package io.pveha.core.health;

import io.pveha.core.cluster.Belief;
import io.pveha.core.plan.Reason;

/**
 * How a node is in one respect.
 *
 * @param message names the object and the next step; the same as long as nothing changes
 */
public record NodeCondition(Aspect aspect, Belief status, Reason reason, String message) {}
