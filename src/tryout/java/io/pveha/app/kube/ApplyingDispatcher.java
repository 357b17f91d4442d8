package io.pveha.app.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns server-side apply, which fabric8's CRUD server refuses, into create or merge, so that the
 * operator keeps one code path. What is applied has one owner here: fields of {@code status} that
 * the applied object no longer names are removed, those of {@code metadata} and {@code spec} stay.
 */
final class ApplyingDispatcher extends Dispatcher {

  private static final Pattern OBJECT =
      Pattern.compile(
          "(?<collection>/.+/namespaces/[^/]+/[^/]+)/(?<name>[^/]+)(?<status>/status)?");

  private final KubernetesCrudDispatcher store;
  private final Object writing = new Object();

  ApplyingDispatcher(KubernetesCrudDispatcher store) {
    this.store = store;
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    String contentType = request.getHeader("Content-Type");
    boolean apply =
        "PATCH".equals(request.getMethod())
            && contentType != null
            && contentType.startsWith("application/apply-patch");
    if ("GET".equals(request.getMethod())) {
      return store.dispatch(request);
    }
    Matcher object = OBJECT.matcher(request.getPath().replaceFirst("\\?.*", ""));
    boolean ofStatus =
        "PUT".equals(request.getMethod()) && object.matches() && object.group("status") != null;
    synchronized (writing) {
      if (apply) {
        return apply(request);
      }
      if (isJsonPatch(request) && object.matches()) {
        return jsonPatch(object, request);
      }
      return ofStatus ? putStatus(object, request) : store.dispatch(request);
    }
  }

  private static boolean isJsonPatch(RecordedRequest request) {
    String contentType = request.getHeader("Content-Type");
    return "PATCH".equals(request.getMethod())
        && contentType != null
        && contentType.startsWith("application/json-patch");
  }

  /** The store answers nothing at all to a patch whose {@code test} does not hold. */
  private MockResponse jsonPatch(Matcher object, RecordedRequest request) {
    ArrayNode patch = Serialization.unmarshal(request.getUtf8Body(), ArrayNode.class);
    MockResponse found = send("GET", object.group("collection") + "/" + object.group("name"), null);
    if (found.code() != 200) {
      return found;
    }
    JsonNode stored = Serialization.unmarshal(found.getBody().readUtf8(), ObjectNode.class);
    for (JsonNode step : patch) {
      boolean differs =
          step.path("op").asText().equals("test")
              && !stored.at(step.path("path").asText()).equals(step.path("value"));
      if (differs) {
        return failure(422, "Invalid", "A test of the patch does not hold.");
      }
    }
    return send("PATCH", request.getPath(), patch, request.getHeader("Content-Type"));
  }

  /** Of an update of a status the store forgets to compare the version that it is based on. */
  private MockResponse putStatus(Matcher object, RecordedRequest request) {
    String plainPath = object.group("collection") + "/" + object.group("name");
    ObjectNode sent = Serialization.unmarshal(request.getUtf8Body(), ObjectNode.class);
    String basedOn = sent.at("/metadata/resourceVersion").asText();
    MockResponse found = send("GET", plainPath, null);
    if (found.code() == 200 && !basedOn.isEmpty()) {
      JsonNode stored = Serialization.unmarshal(found.getBody().readUtf8(), ObjectNode.class);
      if (!basedOn.equals(stored.at("/metadata/resourceVersion").asText())) {
        return outdated();
      }
    }
    return send("PUT", plainPath + "/status", sent);
  }

  private static MockResponse outdated() {
    return failure(
        409,
        "Conflict",
        "Operation cannot be fulfilled: the object has been modified; please apply your changes to"
            + " the latest version and try again");
  }

  private static MockResponse failure(int code, String reason, String message) {
    return new MockResponse()
        .setResponseCode(code)
        .setHeader("Content-Type", "application/json")
        .setBody(
            Serialization.asJson(
                new StatusBuilder()
                    .withStatus("Failure")
                    .withReason(reason)
                    .withCode(code)
                    .withMessage(message)
                    .build()));
  }

  @Override
  public void shutdown() {
    store.shutdown();
  }

  private MockResponse apply(RecordedRequest request) {
    String path = request.getPath().replaceFirst("\\?.*", "");
    Matcher object = OBJECT.matcher(path);
    if (!object.matches()) {
      return new MockResponse().setResponseCode(404);
    }
    boolean statusOnly = object.group("status") != null;
    ObjectNode applied = Serialization.unmarshal(request.getUtf8Body(), ObjectNode.class);
    boolean locked = applied.path("metadata").has("resourceVersion");
    while (true) {
      MockResponse answer = createOrReplace(object, statusOnly, applied);
      if (answer.code() != 409 || locked) {
        return answer;
      }
    }
  }

  private MockResponse createOrReplace(Matcher object, boolean statusOnly, ObjectNode applied) {
    String plainPath = object.group("collection") + "/" + object.group("name");
    MockResponse found = send("GET", plainPath, null);
    if (found.code() == 404) {
      return statusOnly ? found : send("POST", object.group("collection"), applied);
    }
    ObjectNode merged = Serialization.unmarshal(found.getBody().readUtf8(), ObjectNode.class);
    if (statusOnly) {
      merged.set("status", applied.get("status"));
      merge(merged.withObjectProperty("metadata"), applied.withObjectProperty("metadata"));
      return send("PUT", plainPath + "/status", merged);
    }
    merge(merged, applied);
    return send("PUT", plainPath, merged);
  }

  /** Objects are merged field by field; anything else, lists too, is replaced. */
  private static void merge(ObjectNode into, ObjectNode from) {
    from.properties()
        .forEach(
            field -> {
              JsonNode old = into.get(field.getKey());
              if (old instanceof ObjectNode && field.getValue() instanceof ObjectNode) {
                merge((ObjectNode) old, (ObjectNode) field.getValue());
              } else {
                into.set(field.getKey(), field.getValue());
              }
            });
  }

  private MockResponse send(String method, String path, JsonNode body) {
    return send(method, path, body, "application/json");
  }

  private MockResponse send(String method, String path, JsonNode body, String type) {
    Headers.Builder headers = Headers.builder();
    if (body != null) {
      headers.add("Content-Type", type);
    }
    String text = body == null ? "" : Serialization.asJson(body);
    return store.dispatch(
        new RecordedRequest(
            "HTTP/1.1",
            HttpMethod.valueOf(method),
            path,
            headers.build(),
            new Buffer(text.getBytes(StandardCharsets.UTF_8))));
  }
}
