package io.pveha.proxmox;

import java.util.Locale;
import java.util.regex.Pattern;

/** Which certificates of a node are believed. */
public sealed interface Trust {

  /** Those of the authorities that Java knows, for the right host name. */
  record SystemAuthorities() implements Trust {}

  /**
   * Those of these authorities, for the right host name.
   *
   * @param pem one or more certificates, PEM
   */
  record Authorities(String pem) implements Trust {}

  /**
   * This one certificate, whoever signed it and whatever host name it has.
   *
   * @param sha256 its SHA-256 as upper-case hex pairs with colons; is made so from lower case and
   *     from what has no colons
   */
  record Fingerprint(String sha256) implements Trust {

    private static final Pattern BARE = Pattern.compile("[0-9A-F]{64}");

    public Fingerprint {
      String upper = sha256.strip().toUpperCase(Locale.ROOT);
      sha256 = BARE.matcher(upper).matches() ? upper.replaceAll("(..)(?!$)", "$1:") : upper;
    }
  }
}
