package io.pveha.simulator.api;

import io.pveha.simulator.api.web.WebAnswer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a node answers.
 *
 * @param status of HTTP, or a pseudo code 59x
 * @param reason for the status line
 * @param data null when there is none
 * @param errors parameter to text, for 400
 */
record Answer(int status, String reason, Object data, Map<String, String> errors) {

  Map<String, Object> body() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("data", data);
    if (!errors.isEmpty()) {
      body.put("errors", errors);
    }
    if (status != 200) {
      body.put("message", reason.endsWith("\n") ? reason : reason + "\n");
    }
    return body;
  }

  WebAnswer web() {
    return WebAnswer.json(status, reason, Json.perl(body()));
  }
}
