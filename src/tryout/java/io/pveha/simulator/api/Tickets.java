package io.pveha.simulator.api;

import io.pveha.simulator.world.NodeHost;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Login tickets and the tokens against forged requests. Both are signed with the key of the node's
 * database: when a node joins a cluster, the ones it gave out are void.
 */
final class Tickets {

  private static final Duration LIFE = Duration.ofHours(2);
  private static final Duration EARLY = Duration.ofMinutes(5);
  private static final Pattern FORM = Pattern.compile("PVE:([^:]+):([0-9A-F]{8})::(.+)");

  private Tickets() {}

  static String ticket(NodeHost host, String user) {
    String plain = "PVE:" + user + ":" + stamp(host.clockNow());
    return plain + "::" + signature(host, plain);
  }

  /** Whose ticket it is; empty when it is forged, too old, or of another database. */
  static Optional<String> user(NodeHost host, String ticket) {
    Matcher matcher = FORM.matcher(ticket);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String plain = "PVE:" + matcher.group(1) + ":" + matcher.group(2);
    boolean valid =
        equal(signature(host, plain), matcher.group(3)) && isFresh(host, matcher.group(2));
    return valid ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  static String csrfToken(NodeHost host, String user) {
    String stamp = stamp(host.clockNow());
    return stamp + ":" + signature(host, "CSRF:" + stamp + ":" + user);
  }

  static boolean isCsrfToken(NodeHost host, String user, String token) {
    String[] parts = token.split(":", 2);
    return parts.length == 2
        && parts[0].matches("[0-9A-F]{8}")
        && equal(signature(host, "CSRF:" + parts[0] + ":" + user), parts[1])
        && isFresh(host, parts[0]);
  }

  private static String stamp(Instant time) {
    return String.format("%08X", time.getEpochSecond());
  }

  private static boolean isFresh(NodeHost host, String stamp) {
    Instant made = Instant.ofEpochSecond(Long.parseLong(stamp, 16));
    Duration age = Duration.between(made, host.clockNow());
    return age.compareTo(LIFE) <= 0 && age.plus(EARLY).compareTo(Duration.ZERO) >= 0;
  }

  private static String signature(NodeHost host, String plain) {
    try {
      byte[] key = ("authkey of " + host.config().lineage()).getBytes(StandardCharsets.UTF_8);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] code = mac.doFinal(plain.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().withoutPadding().encodeToString(code);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static boolean equal(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
