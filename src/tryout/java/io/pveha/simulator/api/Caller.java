package io.pveha.simulator.api;

/**
 * Who makes a call.
 *
 * @param id {@code user@realm}, or {@code user@realm!token}
 */
record Caller(String id) {

  /** Nobody in particular: calls that need no login. */
  static final Caller NOBODY = new Caller("");

  boolean isToken() {
    return id.contains("!");
  }

  /** The user itself, also of a token. */
  String user() {
    int mark = id.indexOf('!');
    return mark < 0 ? id : id.substring(0, mark);
  }

  /** Exactly {@code root@pam}: a token of root is not root. */
  boolean isRoot() {
    return id.equals("root@pam");
  }
}
