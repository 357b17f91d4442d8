package io.pveha.simulator.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.simulator.api.web.WebAnswer;
import io.pveha.simulator.api.web.WebRequest;
import io.pveha.simulator.api.web.WebServer;
import io.pveha.simulator.machine.WorldFailure;
import io.pveha.simulator.page.LivePage;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The administration of a simulated cluster over plain HTTP: what is really the case, and what an
 * evil hand can do. {@code GET /} lists the calls; bodies and answers are JSON.
 */
final class AdminApi implements AutoCloseable {

  /** A call: what the path has in place of its variables, and the body. */
  interface Handler extends BiFunction<List<String>, JsonNode, Object> {}

  private record Entry(String method, String path, String body, String about, Handler handler) {}

  private final List<Entry> entries = new ArrayList<>();
  private final WebServer server;

  AdminApi(SimulatedCluster cluster, NodeCertificates certificates, int port) {
    new AdminCalls(cluster, certificates).register(this);
    this.server =
        new WebServer("admin", InetAddress.getLoopbackAddress(), port, null, this::answer);
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  /**
   * Adds a call.
   *
   * @param body an example of what to send; empty when nothing is
   */
  void on(String method, String path, String body, String about, Handler handler) {
    entries.add(new Entry(method, path, body, about, handler));
  }

  private WebAnswer answer(WebRequest request) {
    boolean browser = request.header("Accept").orElse("").contains("text/html");
    if (request.path().equals("/page") || request.path().equals("/") && browser) {
      return WebAnswer.text(200, "OK", "text/html;charset=UTF-8", LivePage.html());
    }
    try {
      return json(200, "OK", request.path().equals("/") ? list() : called(request));
    } catch (WorldFailure refused) {
      return json(400, "Bad Request", Map.of("error", refused.getMessage()));
    } catch (IllegalArgumentException wrong) {
      return json(400, "Bad Request", Map.of("error", String.valueOf(wrong.getMessage())));
    } catch (ApiFailure failed) {
      return json(failed.status(), "Refused", Map.of("error", failed.getMessage()));
    }
  }

  private static WebAnswer json(int status, String reason, Object body) {
    return WebAnswer.json(status, reason, Json.plain(body) + "\n");
  }

  private Object list() {
    List<Object> calls = new ArrayList<>();
    for (Entry entry : entries) {
      Map<String, Object> call = new LinkedHashMap<>();
      call.put("call", entry.method() + " " + entry.path());
      if (!entry.body().isEmpty()) {
        call.put("body", entry.body());
      }
      call.put("about", entry.about());
      calls.add(call);
    }
    return Map.of("calls", calls);
  }

  private Object called(WebRequest request) {
    boolean known = false;
    for (Entry entry : entries) {
      List<String> variables = match(entry.path(), request.path());
      if (variables != null && entry.method().equals(request.method())) {
        Object answer = entry.handler().apply(variables, body(request));
        return answer == null ? Map.of("done", true) : answer;
      }
      known |= variables != null;
    }
    throw new ApiFailure(
        known ? 405 : 404,
        "no " + request.method() + " " + request.path() + "; GET / lists what there is");
  }

  private static List<String> match(String form, String path) {
    String[] wanted = form.split("/");
    String[] sent = path.split("/");
    if (wanted.length != sent.length) {
      return null;
    }
    List<String> variables = new ArrayList<>();
    for (int at = 0; at < wanted.length; at++) {
      if (wanted[at].startsWith("{")) {
        variables.add(WebRequest.decoded(sent[at]));
      } else if (!wanted[at].equals(sent[at])) {
        return null;
      }
    }
    return variables;
  }

  private static JsonNode body(WebRequest request) {
    try {
      return Json.MAPPER.readTree(request.body().length == 0 ? "{}" : request.text());
    } catch (JsonProcessingException notJson) {
      throw new IllegalArgumentException("the body is no JSON: " + notJson.getOriginalMessage());
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
