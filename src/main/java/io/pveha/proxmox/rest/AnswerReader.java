package io.pveha.proxmox.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.ProxmoxFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads what a node answered to a request: data, or why not. */
final class AnswerReader {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Longest text of Proxmox that goes into a message. */
  private static final int LONGEST = 500;

  /** Status codes that Proxmox makes up when a node behind the one asked does not answer. */
  private static final int FIRST_PSEUDO = 595;

  private static final int LAST_PSEUDO = 599;

  private static final Pattern NOT_FOUND =
      Pattern.compile("no such (?!file)|does not exist|doesn't exist");

  private static final Pattern WRAPPED = Pattern.compile("failed: 400\\b");

  private final Endpoint endpoint;
  private final ApiRequest request;
  private final UnaryOperator<String> clean;

  /**
   * A reader of the answer to this request.
   *
   * @param clean takes all secrets out of a text
   */
  AnswerReader(Endpoint endpoint, ApiRequest request, UnaryOperator<String> clean) {
    this.endpoint = endpoint;
    this.request = request;
    this.clean = clean;
  }

  /**
   * The whole JSON object of a good answer.
   *
   * @throws ProxmoxFailure when it is not a good answer
   */
  JsonNode read(int status, byte[] bytes) {
    JsonNode body = parsed(bytes);
    if (status != 200) {
      throw failure(status, body, !body.isObject() && !claimsToBeJson(bytes));
    }
    if (!body.isObject()) {
      throw claimsToBeJson(bytes) ? garbled() : notProxmox();
    }
    return body;
  }

  /**
   * Why not.
   *
   * @param page whether what came is a text of somebody else: Proxmox answers with JSON or nothing
   */
  private ProxmoxFailure failure(int status, JsonNode body, boolean page) {
    if (status >= FIRST_PSEUDO && status <= LAST_PSEUDO) {
      return otherNode(status);
    }
    if (status >= 300 && status < 400 || page && status < 500) {
      return inBetween(status);
    }
    String text = where(text(body, status));
    return switch (status) {
      case 400 ->
          body.isObject() ? new ProxmoxFailure.BadRequest(text, errors(body)) : notProxmox();
      case 401 ->
          new ProxmoxFailure.LoginRejected(where("the login is refused: " + text(body, status)));
      case 403 -> new ProxmoxFailure.Forbidden(text);
      case 424 -> new ProxmoxFailure.NotInCluster(text);
      case 500 -> refused(text);
      case 501 -> new ProxmoxFailure.NotImplemented(where(request + " is not known there"));
      // A proxy in between whose way to the node is broken.
      case 502, 503, 504 ->
          request.method().isWrite()
              ? new ProxmoxFailure.ConnectionLost(text)
              : new ProxmoxFailure.Unreachable(text);
      default -> body.isObject() ? new ProxmoxFailure.Refused(text) : notProxmox();
    };
  }

  /**
   * Proxmox wraps some refusals of parameters: "create ha rule failed: 400 Rule ... is invalid."
   */
  private static ProxmoxFailure refused(String text) {
    if (WRAPPED.matcher(text).find()) {
      return new ProxmoxFailure.BadRequest(text, Map.of());
    }
    return NOT_FOUND.matcher(text).find()
        ? new ProxmoxFailure.NotFound(text)
        : new ProxmoxFailure.Refused(text);
  }

  private String where(String text) {
    return endpoint.authority() + ": " + text;
  }

  /**
   * 595 is "could not connect to that node", so the request was not sent; the others may come after
   * it was.
   */
  private ProxmoxFailure otherNode(int status) {
    String message = where("the node meant does not answer (%d, %s)".formatted(status, request));
    return request.method().isWrite() && status != FIRST_PSEUDO
        ? new ProxmoxFailure.ConnectionLost(message)
        : ProxmoxFailure.Unreachable.behind(message);
  }

  /** Whoever stops a request has not seen the token, and knows nothing of privileges. */
  private ProxmoxFailure inBetween(int status) {
    return new ProxmoxFailure.NotProxmox(
        where(
            "a proxy or firewall in between answered with a %s (%s)"
                .formatted(status < 400 ? "redirect" : "page", phrase(status))));
  }

  private static String phrase(int status) {
    String words =
        switch (status) {
          case 301 -> "Moved Permanently";
          case 302 -> "Found";
          case 307 -> "Temporary Redirect";
          case 308 -> "Permanent Redirect";
          case 400 -> "Bad Request";
          case 401 -> "Unauthorized";
          case 403 -> "Forbidden";
          case 404 -> "Not Found";
          case 407 -> "Proxy Authentication Required";
          case 429 -> "Too Many Requests";
          default -> "";
        };
    return (status + " " + words).strip();
  }

  private ProxmoxFailure notProxmox() {
    return new ProxmoxFailure.NotProxmox(
        "%s answers, but not as Proxmox VE does".formatted(endpoint.authority()));
  }

  /** Success was told before the text broke off, so a write has probably happened. */
  private ProxmoxFailure garbled() {
    String message = where("the answer breaks off (%s)".formatted(request));
    return request.method().isWrite()
        ? new ProxmoxFailure.ConnectionLost(message)
        : new ProxmoxFailure.NotProxmox(message);
  }

  /** Whether it begins as an answer of Proxmox does, or is nothing at all; a page does not. */
  private static boolean claimsToBeJson(byte[] body) {
    String start = new String(body, 0, Math.min(body.length, 64), StandardCharsets.UTF_8).strip();
    return start.isEmpty() || start.startsWith("{");
  }

  /** The JSON; a missing node when it is none. */
  private static JsonNode parsed(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException notJson) {
      return MissingNode.getInstance();
    }
  }

  /** What Proxmox says, on one line. Up to 8.2 it says it in the status line only. */
  private String text(JsonNode body, int status) {
    String message = cleaned(body.path("message").asText(""));
    String errors =
        errors(body).entrySet().stream()
            .map(error -> error.getKey() + ": " + error.getValue())
            .collect(Collectors.joining("; "));
    String all =
        message.isEmpty() || errors.isEmpty()
            ? message + errors
            : message.replaceFirst("\\.$", "") + ": " + errors;
    String known = all.isEmpty() ? "HTTP status " + status + " without a reason" : all;
    return known.length() > LONGEST ? known.substring(0, LONGEST) + " ..." : known;
  }

  private Map<String, String> errors(JsonNode body) {
    Map<String, String> errors = new TreeMap<>();
    body.path("errors")
        .properties()
        .forEach(error -> errors.put(error.getKey(), cleaned(error.getValue().asText())));
    return errors;
  }

  /** Secrets go first: a secret whose spaces are changed would no longer be found. */
  private String cleaned(String text) {
    return clean.apply(text).replaceAll("\\s+", " ").strip();
  }
}
