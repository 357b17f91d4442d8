package io.pveha.operator.connection;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.safety.HeldPrivileges;
import java.util.Optional;

/**
 * Why a cluster can't be asked at all; a person must act.
 *
 * @param message names the field and what to write
 * @param held the privileges of the token, where it is refused for want of one
 */
public record AccessProblem(ConditionReason reason, String message, Optional<HeldPrivileges> held) {

  public AccessProblem(ConditionReason reason, String message) {
    this(reason, message, Optional.empty());
  }
}
