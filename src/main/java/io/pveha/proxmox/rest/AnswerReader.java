package io.pveha.proxmox.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.ProxmoxFailure;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads what a node answered: data, or why not. */
final class AnswerReader {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Longest text of Proxmox that goes into a message. */
  private static final int LONGEST = 500;

  /** Status codes that Proxmox makes up when a node behind the one asked does not answer. */
  private static final int FIRST_PSEUDO = 595;

  private static final int LAST_PSEUDO = 599;

  private static final Pattern NOT_FOUND =
      Pattern.compile("no such (?!file)|does not exist|doesn't exist");

  private AnswerReader() {}

  /**
   * The whole JSON object of a good answer.
   *
   * @throws ProxmoxFailure when it is not a good answer
   */
  static JsonNode read(Endpoint endpoint, ApiRequest request, HttpResponse<byte[]> response) {
    int status = response.statusCode();
    JsonNode body = parsed(response.body());
    if (status == 200) {
      if (!body.isObject()) {
        throw notProxmox(endpoint);
      }
      return body;
    }
    throw failure(endpoint, request, status, body);
  }

  private static ProxmoxFailure failure(
      Endpoint endpoint, ApiRequest request, int status, JsonNode body) {
    String where = endpoint.authority() + ": ";
    String text = where + request.withoutSecrets(text(body, status));
    if (status >= FIRST_PSEUDO && status <= LAST_PSEUDO) {
      return otherNode(request, where, status);
    }
    return switch (status) {
      case 400 -> body.isObject()
          ? new ProxmoxFailure.BadRequest(text, errors(body, request))
          : notProxmox(endpoint);
      case 401 -> new ProxmoxFailure.LoginRejected(where + "the login is refused: "
          + request.withoutSecrets(text(body, status)));
      case 403 -> new ProxmoxFailure.Forbidden(text);
      case 424 -> new ProxmoxFailure.NotInCluster(text);
      case 500 -> NOT_FOUND.matcher(text).find()
          ? new ProxmoxFailure.NotFound(text)
          : new ProxmoxFailure.Refused(text);
      case 501 -> new ProxmoxFailure.NotImplemented(where + request + " is not known there");
      // A proxy in between whose way to the node is broken.
      case 502, 503, 504 -> request.method().isWrite()
          ? new ProxmoxFailure.ConnectionLost(text)
          : new ProxmoxFailure.Unreachable(text);
      default -> body.isObject() ? new ProxmoxFailure.Refused(text) : notProxmox(endpoint);
    };
  }

  /**
   * 595 is "could not connect to that node", so the request was not sent; the others may come
   * after it was.
   */
  private static ProxmoxFailure otherNode(ApiRequest request, String where, int status) {
    String message = where + "the node meant does not answer (%d, %s)".formatted(status, request);
    return request.method().isWrite() && status != FIRST_PSEUDO
        ? new ProxmoxFailure.ConnectionLost(message)
        : ProxmoxFailure.Unreachable.behind(message);
  }

  private static ProxmoxFailure notProxmox(Endpoint endpoint) {
    return new ProxmoxFailure.NotProxmox(
        "%s answers, but not as Proxmox VE does".formatted(endpoint.authority()));
  }

  /** The JSON; a missing node when it is none. */
  private static JsonNode parsed(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException notJson) {
      return MissingNode.getInstance();
    }
  }

  private static String text(JsonNode body, int status) {
    String message = body.path("message").asText("").strip();
    String errors =
        errors(body).entrySet().stream()
            .map(error -> error.getKey() + ": " + error.getValue())
            .collect(Collectors.joining("; "));
    String all =
        message.isEmpty() || errors.isEmpty()
            ? message + errors
            : message.replaceFirst("\\.$", "") + ": " + errors;
    String known = all.isEmpty() ? "HTTP status " + status : all.replaceAll("\\s+", " ");
    return known.length() > LONGEST ? known.substring(0, LONGEST) + " ..." : known;
  }

  private static Map<String, String> errors(JsonNode body) {
    Map<String, String> errors = new TreeMap<>();
    body.path("errors")
        .properties()
        .forEach(error -> errors.put(error.getKey(), error.getValue().asText().strip()));
    return errors;
  }

  private static Map<String, String> errors(JsonNode body, ApiRequest request) {
    Map<String, String> errors = errors(body);
    errors.replaceAll((parameter, text) -> request.withoutSecrets(text));
    return errors;
  }
}
