package io.pveha.simulator.api;

import io.pveha.simulator.api.declare.Declaration;
import io.pveha.simulator.api.declare.Declarations;
import io.pveha.simulator.api.declare.Verification;
import io.pveha.simulator.api.web.NoAnswer;
import io.pveha.simulator.api.web.WebAnswer;
import io.pveha.simulator.api.web.WebRequest;
import io.pveha.simulator.machine.ApiFault;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.WorldFailure;
import io.pveha.simulator.world.NodeHost;
import io.pveha.simulator.world.World;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Answers what is sent to one node, in the order of the real server: route (501), login (401),
 * token bar and permission (403), forwarding (59x), parameters (400), and then the call itself.
 */
final class NodeApi {

  /** Measured on the real software for a node that is cut off. */
  private static final Duration UNREACHABLE_AFTER = Duration.ofMillis(2600);

  /** How long a node waits for the answer of another one. */
  private static final Duration FORWARD_TIMEOUT = Duration.ofSeconds(30);

  private static final String BASE = "/api2/json";

  /** Others are refused before anything is looked up, HEAD and OPTIONS too. */
  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "DELETE");

  private final World world;
  private final NodeHost asked;
  private final Declarations declarations;
  private final CallTable table;
  private final Recorder recorder;
  private final Duration refusalDelay;

  NodeApi(
      World world,
      NodeHost asked,
      Declarations declarations,
      CallTable table,
      Recorder recorder,
      Duration refusalDelay) {
    this.world = world;
    this.asked = asked;
    this.declarations = declarations;
    this.table = table;
    this.recorder = recorder;
    this.refusalDelay = refusalDelay;
  }

  /** As soon as the real server answers, which keeps those waiting whose login it refuses. */
  WebAnswer answer(WebRequest request) {
    WebAnswer answer = promptly(request);
    if (answer.status() == HttpURLConnection.HTTP_UNAUTHORIZED) {
      world.sleep(refusalDelay);
    }
    return answer;
  }

  private WebAnswer promptly(WebRequest request) {
    if (!METHODS.contains(request.method())) {
      String text = "method '" + request.method() + "' not available";
      return WebAnswer.text(501, text, "text/plain", "");
    }
    if (!request.path().equals(BASE) && !request.path().startsWith(BASE + "/")) {
      return outside(request);
    }
    ApiFault fault = world.read(asked::apiFault);
    WebAnswer instead = actOut(fault);
    if (instead != null) {
      return instead;
    }
    List<String> path = segments(request.path().substring(BASE.length()));
    SortedMap<String, String> params = new TreeMap<>();
    Answer answer;
    try {
      answer = new Answer(200, "OK", data(request, path, params), Map.of());
    } catch (ApiFailure refused) {
      answer = new Answer(refused.status(), refused.getMessage(), null, refused.errors());
    } catch (WorldFailure.Dropped dropped) {
      throw new NoAnswer();
    } catch (WorldFailure.BadParameter bad) {
      answer = new Answer(bad.status(), bad.getMessage(), null, bad.errors());
    } catch (WorldFailure failed) {
      answer = new Answer(failed.status(), failed.getMessage(), null, Map.of());
    } catch (IllegalArgumentException | NullPointerException | IndexOutOfBoundsException ours) {
      // Our own mistake is no reason to leave a client without an answer; the trace says where.
      ours.printStackTrace();
      answer = new Answer(500, "simulator failed: " + ours, null, Map.of());
    }
    recorder.record(asked.name(), request.method(), "/" + String.join("/", path), params, answer);
    return answer.web();
  }

  private WebAnswer outside(WebRequest request) {
    if (request.path().equals("/")) {
      String page =
          "<!DOCTYPE html><title>"
              + asked.name()
              + "</title><h1>"
              + asked.name()
              + "</h1>"
              + "<p>A simulated Proxmox VE node; its API is below <code>/api2/json</code>.";
      return WebAnswer.text(200, "OK", "text/html;charset=UTF-8", page);
    }
    return WebAnswer.text(404, "File not found", "text/plain", "");
  }

  private WebAnswer actOut(ApiFault fault) {
    return switch (fault.kind()) {
      case NONE -> null;
      case SLOW -> {
        world.sleep(fault.delay());
        yield null;
      }
      case HANGING -> {
        // Waits in real time: a client's patience does not depend on the simulated clock.
        while (world.read(asked::apiFault).kind() == ApiFault.Kind.HANGING
            && !Thread.currentThread().isInterrupted()) {
          LockSupport.parkNanos(20_000_000);
        }
        throw new NoAnswer();
      }
      case FAILING -> new Answer(fault.status(), "fault injected", null, Map.of()).web();
      case HTML ->
          WebAnswer.text(
              fault.status(),
              fault.status() == 200 ? "OK" : "Blocked",
              "text/html;charset=UTF-8",
              "<!DOCTYPE html><html><body>Some proxy's page</body></html>");
    };
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String part : path.split("/")) {
      if (!part.isEmpty()) {
        segments.add(WebRequest.decoded(part.replace("+", "%2B")));
      }
    }
    return segments;
  }

  private Object data(WebRequest request, List<String> path, SortedMap<String, String> params) {
    RequestBody.read(request, params);
    Declarations.Match match =
        declarations
            .route(request.method(), path)
            .orElseThrow(
                () ->
                    new ApiFailure(
                        501,
                        "Method '"
                            + request.method()
                            + " /"
                            + String.join("/", path)
                            + "' not implemented"));
    Declaration call = match.call();
    SortedMap<String, String> all = merged(params, match.variables());
    Caller caller = world.read(() -> admitted(request, call, all));
    NodeHost target = call.forwarded() ? forwarded(all.get("node")) : asked;
    SortedMap<String, String> errors = Verification.errors(call, all);
    if (!errors.isEmpty() && !call.parameters().isEmpty()) {
      throw ApiFailure.badParameters(errors);
    }
    CallTable.Handler handler = table.handler(call.name());
    return world.request(
        world.inTheNameOf(
            caller.id(),
            () -> handler.answer(new Call(world, target, caller, new Parameters(all)))));
  }

  private static SortedMap<String, String> merged(
      Map<String, String> sent, Map<String, String> variables) {
    SortedMap<String, String> all = new TreeMap<>(sent);
    variables.forEach(
        (name, value) -> {
          String before = all.put(name, value);
          if (before != null && !before.equals(value)) {
            throw ApiFailure.badParameter(
                name, "duplicate parameter (already defined in URI with conflicting values!)");
          }
        });
    return all;
  }

  private Caller admitted(WebRequest request, Declaration call, Map<String, String> sent) {
    if (call.rule().isForTheWorld()) {
      boolean token = request.header("Authorization").orElse("").startsWith("PVEAPIToken");
      if (token && !call.tokens()) {
        throw ApiFailure.forbidden("'" + call.name() + "' is not available with API tokens");
      }
      return Caller.NOBODY;
    }
    Caller caller = Login.caller(asked, request);
    if (caller.isToken() && !call.tokens()) {
      throw ApiFailure.forbidden("'" + call.name() + "' is not available with API tokens");
    }
    Permissions.check(call.rule(), asked, caller, sent);
    return caller;
  }

  /** The node that the path names, if it can be reached from here. */
  private NodeHost forwarded(String name) {
    if (name.equals("localhost") || name.equals(asked.name())) {
      return asked;
    }
    boolean known =
        world.read(
            () -> asked.cluster().peers().stream().anyMatch(peer -> peer.name().equals(name)));
    if (!known) {
      throw ApiFailure.died(
          "hostname lookup '"
              + name
              + "' failed - failed to get address info for: "
              + name
              + ": Name or service not known");
    }
    NodeHost target = world.node(name);
    if (!world.read(() -> world.canTalk(asked.name(), name))) {
      if (world.read(target::frontDoor) == Machine.FrontDoor.REFUSED) {
        throw new ApiFailure(595, "Connection refused");
      }
      world.sleep(UNREACHABLE_AFTER);
      throw new ApiFailure(595, "No route to host");
    }
    ApiFault fault = world.read(target::apiFault);
    switch (fault.kind()) {
      case SLOW -> world.sleep(fault.delay());
      case HANGING -> {
        world.sleep(FORWARD_TIMEOUT);
        throw new ApiFailure(596, "Connection timed out");
      }
      case FAILING -> throw new ApiFailure(fault.status(), "fault injected");
      case NONE, HTML -> {
        // Between the nodes no proxy stands that could answer with a page.
      }
    }
    return target;
  }
}
