package io.pveha.operator;

/** The process of the operator ends here, in the middle of what it does. */
final class OperatorDied extends Error {

  private static final long serialVersionUID = 1L;

  OperatorDied(String where) {
    super(where);
  }
}
