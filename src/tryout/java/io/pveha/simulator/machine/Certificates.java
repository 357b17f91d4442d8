package io.pveha.simulator.machine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Makes the certificates that the nodes serve; the HTTP layer has the real ones. */
public interface Certificates {

  /** SHA-256 of the certificate, upper-case hex with colons. The same for equal arguments. */
  String fingerprint(Certificate certificate);

  /**
   * Which certificate.
   *
   * @param node whose
   * @param generation 1 at installation, one more each time it is recreated
   * @param authority the CA that signed it: the lineage of the database it lies in
   */
  record Certificate(String node, int generation, String authority) {}

  /** Fingerprints without certificates behind them, where nobody connects. */
  static Certificates none() {
    return certificate -> {
      try {
        byte[] text = certificate.toString().getBytes(StandardCharsets.UTF_8);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
        return HexFormat.ofDelimiter(":").formatHex(digest).toUpperCase(Locale.ROOT);
      } catch (NoSuchAlgorithmException impossible) {
        throw new IllegalStateException(impossible);
      }
    };
  }
}
