package io.pveha.simulator.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.simulator.api.web.WebRequest;
import java.util.Map;
import java.util.SortedMap;

/** Reads parameters from the query and from a form or JSON body. */
final class RequestBody {

  private RequestBody() {}

  static void read(WebRequest request, SortedMap<String, String> params) {
    params.putAll(WebRequest.fields(request.query()));
    if (request.body().length == 0) {
      return;
    }
    if (request.header("Content-Type").orElse("").startsWith("application/json")) {
      params.putAll(json(request.text()));
    } else {
      params.putAll(WebRequest.fields(request.text()));
    }
  }

  private static Map<String, String> json(String text) {
    try {
      JsonNode body = Json.MAPPER.readTree(text);
      if (!body.isObject()) {
        throw new ApiFailure(400, "data format not supported");
      }
      SortedMap<String, String> values = new java.util.TreeMap<>();
      for (Map.Entry<String, JsonNode> entry : body.properties()) {
        values.put(entry.getKey(), text(entry.getValue()));
      }
      return values;
    } catch (JsonProcessingException notJson) {
      throw new ApiFailure(400, "malformed JSON string");
    }
  }

  private static String text(JsonNode value) {
    if (value.isBoolean()) {
      return value.asBoolean() ? "1" : "0";
    }
    if (value.isArray()) {
      StringBuilder list = new StringBuilder();
      value.forEach(each -> list.append(list.length() == 0 ? "" : ",").append(text(each)));
      return list.toString();
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
