package io.pveha.simulator.api.web;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One answer.
 *
 * @param status the code of the status line
 * @param reason the text behind it; line breaks are dropped
 * @param headers beside those about length and connection
 * @param body what to send
 */
public record WebAnswer(int status, String reason, Map<String, String> headers, byte[] body) {

  public WebAnswer {
    headers = Map.copyOf(headers);
  }

  /** An answer that is JSON. */
  public static WebAnswer json(int status, String reason, String json) {
    return text(status, reason, "application/json;charset=UTF-8", json);
  }

  /** An answer of any type of text. */
  public static WebAnswer text(int status, String reason, String type, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    return new WebAnswer(status, reason, Map.of("Content-Type", type), body);
  }

  /** With one more header. */
  public WebAnswer with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new WebAnswer(status, reason, more, body);
  }

  byte[] encoded(boolean keepAlive, boolean withBody) {
    StringBuilder head = new StringBuilder(256);
    String line = reason.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
    head.append("HTTP/1.1 ").append(status).append(' ').append(line).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Cache-Control: max-age=0\r\nServer: pve-api-daemon/3.0\r\n");
    head.append("Connection: ").append(keepAlive ? "Keep-Alive" : "close").append("\r\n");
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    byte[] start = head.toString().getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[start.length + (withBody ? body.length : 0)];
    System.arraycopy(start, 0, all, 0, start.length);
    if (withBody) {
      System.arraycopy(body, 0, all, start.length, body.length);
    }
    return all;
  }
}
