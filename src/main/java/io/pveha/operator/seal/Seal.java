package io.pveha.operator.seal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.pveha.api.v1alpha1.SealedStatus;
import io.pveha.proxmox.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The seal of one object's status: an HMAC over what the operator acts on later, by a key that only
 * those have who know the token of the cluster. The key is derived in two steps, as HKDF does, for
 * this use and this object, so that no status fits another object, and the seal says nothing about
 * the token.
 */
public final class Seal {

  /** The content of a status in which there is nothing that one would have to trust. */
  static final String NOTHING = "{}";

  private static final String MAC = "HmacSHA256";
  private static final byte[] SALT = "pveha.io".getBytes(StandardCharsets.UTF_8);
  private static final String USE = "status seal 1 ";

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

  private final byte[] key;

  private Seal(byte[] key) {
    this.key = key;
  }

  /**
   * That of an object.
   *
   * @param token secret of the API token of its cluster
   * @param uid of the object
   */
  public static Seal of(Secret token, String uid) {
    byte[] secret = mac(SALT, token.reveal().getBytes(StandardCharsets.UTF_8));
    return new Seal(mac(secret, (USE + uid).getBytes(StandardCharsets.UTF_8)));
  }

  /** The status with a seal that fits; without any when there is nothing to be sealed. */
  public <S extends SealedStatus<S>> S sealed(S status) {
    return status.withSeal(content(status).equals(NOTHING) ? null : text(status));
  }

  /** Whether what is sealed there was written by who has the key. */
  public boolean fits(SealedStatus<?> status) {
    return status.seal() != null
        && MessageDigest.isEqual(
            text(status).getBytes(StandardCharsets.UTF_8),
            status.seal().getBytes(StandardCharsets.UTF_8));
  }

  private String text(SealedStatus<?> status) {
    byte[] code = mac(key, content(status).getBytes(StandardCharsets.UTF_8));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(code);
  }

  /** The same text for the same meaning, whichever version of a library wrote it. */
  static String content(SealedStatus<?> status) {
    return canonical(JSON.valueToTree(status.sealed())).toString();
  }

  /** Fields by name; absent, null and empty mean the same. */
  private static JsonNode canonical(JsonNode node) {
    if (node instanceof ArrayNode list) {
      ArrayNode rows = JSON.createArrayNode();
      list.forEach(row -> rows.add(canonical(row)));
      return rows;
    }
    if (!(node instanceof ObjectNode)) {
      return node;
    }
    ObjectNode sorted = JSON.createObjectNode();
    TreeSet<String> names = new TreeSet<>();
    node.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      JsonNode value = canonical(node.get(name));
      boolean nothing =
          value.isNull()
              || value.isContainerNode() && value.isEmpty()
              || value.isTextual() && value.textValue().isEmpty();
      if (!nothing) {
        sorted.set(name, value);
      }
    }
    return sorted;
  }

  private static byte[] mac(byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(key, MAC));
      return mac.doFinal(text);
    } catch (GeneralSecurityException every) {
      throw new IllegalStateException("Every Java has " + MAC, every);
    }
  }
}
