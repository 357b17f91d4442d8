package io.pveha.simulator.api.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request as it came in.
 *
 * @param method upper case
 * @param path the path as sent, still encoded, without the query
 * @param query what follows the question mark; empty when there is none
 * @param headers by lower-case name; the last of several wins
 * @param body as sent, without transfer encoding
 */
public record WebRequest(
    String method, String path, String query, Map<String, String> headers, byte[] body) {

  public WebRequest {
    headers = Map.copyOf(headers);
  }

  /** A header by its name in any case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** A cookie's value as sent. */
  public Optional<String> cookie(String name) {
    for (String part : header("cookie").orElse("").split(";")) {
      String[] pair = part.strip().split("=", 2);
      if (pair.length == 2 && pair[0].equals(name)) {
        return Optional.of(pair[1]);
      }
    }
    return Optional.empty();
  }

  /** Whether the client may send another request over the same connection. */
  boolean keepsAlive() {
    return !header("connection").orElse("").equalsIgnoreCase("close");
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The fields of a query or a form body. */
  public static Map<String, String> fields(String encoded) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String pair : encoded.split("&")) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        fields.put(decoded(name), decoded(value));
      }
    }
    return fields;
  }

  /** Text without its percent signs; as it is when it is not encoded rightly. */
  public static String decoded(String encoded) {
    try {
      return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return encoded;
    }
  }
}
