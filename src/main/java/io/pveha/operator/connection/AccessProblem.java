package io.pveha.operator.connection;

import io.pveha.api.v1alpha1.ConditionReason;

/**
 * Why a cluster can't be asked at all; a person must act.
 *
 * @param message names the field and what to write
 */
public record AccessProblem(ConditionReason reason, String message) {}
