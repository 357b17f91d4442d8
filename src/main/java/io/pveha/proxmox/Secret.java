package io.pveha.proxmox;

import java.util.Objects;

/** A password or token secret. Shows itself to nobody but who asks for it by name. */
public final class Secret {

  private static final int SHORTEST = 4;

  private final String value;

  public Secret(String value) {
    this.value = Objects.requireNonNull(value);
  }

  /** The secret itself; never put it into a message. */
  public String reveal() {
    return value;
  }

  /**
   * The text without this secret, which a server may quote. What is too short to be one stays, or
   * else half of the words would be gone.
   */
  public String removedFrom(String text) {
    String bare = value.strip();
    return bare.length() < SHORTEST ? text : text.replace(bare, "***");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret && ((Secret) other).value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }
}
