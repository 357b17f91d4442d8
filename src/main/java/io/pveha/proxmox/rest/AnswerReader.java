package io.pveha.proxmox.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.ProxmoxFailure;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads what a node answered: data, or why not. */
final class AnswerReader {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Longest text of Proxmox that goes into a message. */
  private static final int LONGEST = 500;

  private AnswerReader() {}

  /**
   * The whole JSON object of a good answer.
   *
   * @throws ProxmoxFailure when it is not a good answer
   */
  static JsonNode read(Endpoint endpoint, ApiRequest request, HttpResponse<byte[]> response) {
    int status = response.statusCode();
    JsonNode body = parsed(response.body());
    String where = endpoint.authority() + ": ";
    if (status == 200) {
      if (body == null || !body.isObject()) {
        throw notProxmox(endpoint);
      }
      return body;
    }
    String text = text(body, status);
    if (status == 401) {
      throw new ProxmoxFailure.LoginRejected(where + "the login is refused: " + text);
    }
    if (status >= 595 && status <= 599) {
      throw otherNode(request, where, status);
    }
    if (body == null && status != 500 && status != 403) {
      throw notProxmox(endpoint);
    }
    throw switch (status) {
      case 400 -> new ProxmoxFailure.BadRequest(where + text, errors(body));
      case 403 -> new ProxmoxFailure.Forbidden(where + text);
      case 424 -> new ProxmoxFailure.NotInCluster(where + text);
      case 501 -> new ProxmoxFailure.NotImplemented(where + request + " is not known there");
      default -> new ProxmoxFailure.Refused(where + text);
    };
  }

  /** 595 is "could not connect to that node"; the others may come after the request was sent. */
  private static ProxmoxFailure otherNode(ApiRequest request, String where, int status) {
    String message = where + "the node meant does not answer (%d, %s)".formatted(status, request);
    return request.method().isWrite() && status != 595
        ? new ProxmoxFailure.ConnectionLost(message)
        : new ProxmoxFailure.Unreachable(message);
  }

  private static ProxmoxFailure notProxmox(Endpoint endpoint) {
    return new ProxmoxFailure.NotProxmox(
        "%s answers, but not as Proxmox VE does".formatted(endpoint.authority()));
  }

  private static JsonNode parsed(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException notJson) {
      return null;
    }
  }

  private static String text(JsonNode body, int status) {
    if (body == null) {
      return "HTTP status " + status;
    }
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
}
