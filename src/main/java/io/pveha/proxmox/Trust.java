package io.pveha.proxmox;

import java.util.Locale;

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
   * This one certificate, whoever signed it and whatever host name it bears.
   *
   * @param sha256 its SHA-256 as upper-case hex pairs with colons
   */
  record Fingerprint(String sha256) implements Trust {

    public Fingerprint {
      sha256 = sha256.toUpperCase(Locale.ROOT);
    }
  }
}
