package io.pveha.simulator.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.simulator.faults.Faults;
import io.pveha.simulator.machine.ApiFault;
import io.pveha.simulator.world.NodeHost;
import io.pveha.simulator.world.World;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The calls of the administration. */
final class AdminCalls {

  private static final String ON_OFF = "{\"value\": \"on|off\"}";

  private final SimulatedCluster cluster;
  private final NodeCertificates certificates;
  private final Faults faults;
  private final World world;

  AdminCalls(SimulatedCluster cluster, NodeCertificates certificates) {
    this.cluster = cluster;
    this.certificates = certificates;
    this.faults = cluster.faults();
    this.world = cluster.world();
  }

  void register(AdminApi api) {
    api.on("GET", "/truth", "", "what really runs where, with the writes it holds", this::truth);
    api.on("GET", "/state", "", "each node's own view, short", (path, body) -> state());
    api.on("GET", "/clock", "", "the simulated time", (path, body) -> clock());
    api.on("GET", "/nodes/{node}/ca", "", "certificate authority of the node, PEM", this::ca);
    registerNodeFaults(api);
    api.on(
        "POST",
        "/links",
        "{\"between\": [\"node1\", \"node2\"], \"value\": \"on|off\"}",
        "the network between two nodes",
        this::between);
    api.on("POST", "/guests/{vmid}/crash", "", "the guest's process dies", this::crash);
    api.on(
        "POST",
        "/qdevice",
        "{\"Model\": \"Net\", ...}",
        "facts of an external quorum device; {} removes it",
        this::qdevice);
    if (cluster.isVirtual()) {
      api.on(
          "POST", "/clock/advance", "{\"seconds\": 60}", "lets simulated time pass", this::advance);
    }
  }

  private void registerNodeFaults(AdminApi api) {
    String node = "/nodes/{node}";
    api.on("POST", node + "/power", ON_OFF, "pulls or connects the plug", this::power);
    api.on(
        "POST",
        node + "/network",
        "{\"value\": \"on|off\", \"direction\": \"both|in|out\"}",
        "the node's network cable, or one direction of it",
        this::network);
    api.on("POST", node + "/links/{link}", ON_OFF, "one corosync link: 0, 1 ...", this::link);
    api.on(
        "POST",
        node + "/disks",
        "{\"disk\": \"/dev/sdb\", \"value\": \"ok|failing|dead\"}",
        "a disk's health",
        this::disk);
    api.on(
        "POST",
        node + "/pools/{pool}",
        "{\"value\": \"ONLINE|DEGRADED|SUSPENDED|FAULTED|UNAVAIL\"}",
        "a pool's state",
        this::pool);
    api.on(
        "POST",
        node + "/disks/names",
        "{\"disk\": \"/dev/sda\", \"other\": \"/dev/sdb\"}",
        "two disks are named the other way round, as may happen at a boot",
        (path, body) -> {
          faults.diskNames(path.get(0), body.path("disk").asText(), body.path("other").asText());
          return null;
        });
    api.on("POST", node + "/storage/{storage}", ON_OFF, "a storage at this node", this::storage);
    api.on(
        "POST",
        node + "/api",
        "{\"value\": \"ok|slow|hang|fail|html\", \"seconds\": 5, \"status\": 500}",
        "the node's API",
        this::api);
    api.on(
        "POST",
        node + "/replication",
        "{\"value\": \"ok|fail|break\", \"job\": \"100-0\", \"error\": \"out of space\"}",
        "runs of one job, or of all at this node, fail; or one job's replica loses its snapshots",
        this::replication);
    api.on(
        "POST",
        node + "/wear",
        "{\"disk\": \"/dev/sda\", \"percentLeft\": 3}",
        "how much of its life a solid-state disk has left",
        this::wear);
    api.on(
        "POST",
        node + "/usage",
        "{\"memory\": 0.97, \"root\": 0.99}",
        "shares of memory and root file system in use; negative for the usual",
        this::usage);
    api.on(
        "POST",
        node + "/certificate",
        "{\"days\": 3}",
        "when its certificate says that it ends; {} for the truth",
        this::certificate);
    api.on(
        "POST",
        node + "/lies",
        "{\"about\": \"node1\", \"value\": \"on|off\"}",
        "what it says of another node in /cluster/status; {} for the truth",
        this::lie);
    api.on("POST", node + "/clock", "{\"seconds\": 120}", "how far its clock is off", this::skew);
    api.on(
        "POST", node + "/services/{service}", ON_OFF, "stops or starts a service", this::service);
    api.on(
        "POST",
        node + "/maintenance",
        ON_OFF,
        "what ha-manager crm-command node-maintenance does",
        this::maintenance);
  }

  private Object truth(List<String> path, JsonNode body) {
    return TruthReport.of(world.truth(), cluster.guestPorts());
  }

  private Object state() {
    return world.read(() -> TruthReport.views(world));
  }

  private Object clock() {
    Map<String, Object> clock = new LinkedHashMap<>();
    clock.put("now", world.now().toString());
    clock.put("virtual", cluster.isVirtual());
    clock.put("speed", cluster.info().speed());
    return clock;
  }

  private Object ca(List<String> path, JsonNode body) {
    return Map.of(
        "pem", world.read(() -> certificates.authorityPem(world.node(path.get(0)).certificate())));
  }

  private Object power(List<String> path, JsonNode body) {
    faults.power(node(path), isOn(body));
    return done();
  }

  private Object network(List<String> path, JsonNode body) {
    Faults.Direction direction =
        Faults.Direction.valueOf(
            oneOf(body, "direction", "both", "both", "in", "out").toUpperCase(Locale.ROOT));
    faults.network(node(path), direction, isOn(body));
    return done();
  }

  private Object link(List<String> path, JsonNode body) {
    faults.link(node(path), Integer.parseInt(path.get(1)), isOn(body));
    return done();
  }

  private Object between(List<String> path, JsonNode body) {
    JsonNode pair = body.path("between");
    if (pair.size() != 2) {
      throw new IllegalArgumentException("between has to be a list of two nodes");
    }
    String one = node(List.of(pair.get(0).asText()));
    faults.between(one, node(List.of(pair.get(1).asText())), isOn(body));
    return done();
  }

  private Object disk(List<String> path, JsonNode body) {
    String health = oneOf(body, "value", null, "ok", "failing", "dead");
    faults.disk(node(path), text(body, "disk"), !health.equals("ok"), health.equals("dead"));
    return done();
  }

  private Object pool(List<String> path, JsonNode body) {
    String state =
        oneOf(body, "value", null, "ONLINE", "DEGRADED", "SUSPENDED", "FAULTED", "UNAVAIL");
    faults.pool(node(path), path.get(1), state);
    return done();
  }

  private Object storage(List<String> path, JsonNode body) {
    faults.storage(node(path), path.get(1), isOn(body));
    return done();
  }

  private Object api(List<String> path, JsonNode body) {
    ApiFault fault =
        switch (oneOf(body, "value", null, "ok", "slow", "hang", "fail", "html")) {
          case "slow" -> {
            Duration delay = Duration.ofMillis((long) (1000 * body.path("seconds").asDouble(5)));
            yield new ApiFault(ApiFault.Kind.SLOW, delay, 0);
          }
          case "hang" -> new ApiFault(ApiFault.Kind.HANGING, Duration.ZERO, 0);
          case "fail" -> {
            int status = body.path("status").asInt(500);
            yield new ApiFault(ApiFault.Kind.FAILING, Duration.ZERO, status);
          }
          case "html" ->
              new ApiFault(ApiFault.Kind.HTML, Duration.ZERO, body.path("status").asInt(200));
          default -> ApiFault.NONE;
        };
    faults.api(node(path), fault);
    return done();
  }

  private Object replication(List<String> path, JsonNode body) {
    String job = body.path("job").asText("");
    switch (oneOf(body, "value", null, "ok", "fail", "break")) {
      case "break" -> faults.breakChain(node(path), text(body, "job"));
      case "fail" -> faults.replication(node(path), job, body.path("error").asText(""));
      default -> faults.replication(node(path), job, null);
    }
    return done();
  }

  private Object skew(List<String> path, JsonNode body) {
    double seconds = body.path("seconds").asDouble(Double.NaN);
    if (Double.isNaN(seconds)) {
      throw new IllegalArgumentException("seconds has to be a number");
    }
    faults.clock(node(path), Duration.ofMillis((long) (1000 * seconds)));
    return done();
  }

  private Object wear(List<String> path, JsonNode body) {
    faults.wear(node(path), text(body, "disk"), body.path("percentLeft").asInt());
    return done();
  }

  private Object usage(List<String> path, JsonNode body) {
    String name = node(path);
    if (body.has("memory")) {
      faults.memory(name, body.get("memory").asDouble());
    }
    if (body.has("root")) {
      faults.rootDisk(name, body.get("root").asDouble());
    }
    return done();
  }

  private Object certificate(List<String> path, JsonNode body) {
    Duration left = Duration.ofDays(body.path("days").asLong());
    faults.certificateEnds(node(path), body.has("days") ? world.now().plus(left) : null);
    return done();
  }

  private Object lie(List<String> path, JsonNode body) {
    if (body.has("about")) {
      faults.lie(node(path), node(List.of(text(body, "about"))), isOn(body));
    } else {
      faults.tellTruth(node(path));
    }
    return done();
  }

  private Object service(List<String> path, JsonNode body) {
    faults.service(node(path), path.get(1), isOn(body));
    return done();
  }

  /** Typed at the first node that can write; the command line has no twin in the API. */
  private Object maintenance(List<String> path, JsonNode body) {
    String name = node(path);
    boolean enable = isOn(body);
    NodeHost shell =
        world.read(
            () ->
                world.nodes().stream()
                    .filter(node -> node.isUp() && node.membership().quorate())
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no node is quorate")));
    world.request(
        () -> {
          shell.ha().maintenance(name, enable);
          return null;
        });
    return done();
  }

  private Object crash(List<String> path, JsonNode body) {
    faults.crash(Integer.parseInt(path.get(0)));
    return done();
  }

  private Object qdevice(List<String> path, JsonNode body) {
    Map<String, String> facts = new LinkedHashMap<>();
    body.properties().forEach(entry -> facts.put(entry.getKey(), entry.getValue().asText()));
    faults.qdevice(facts);
    return done();
  }

  private Object advance(List<String> path, JsonNode body) {
    double seconds = body.path("seconds").asDouble(-1);
    if (seconds < 0) {
      throw new IllegalArgumentException("seconds has to be a number from 0");
    }
    cluster.virtualClock().advance(Duration.ofMillis((long) (1000 * seconds)));
    done();
    return clock();
  }

  /** The servers are as the world is when the answer arrives. */
  private Object done() {
    cluster.adapt();
    return null;
  }

  private String node(List<String> path) {
    if (!world.hasNode(path.get(0))) {
      throw new ApiFailure(404, "no node " + path.get(0));
    }
    return path.get(0);
  }

  private static boolean isOn(JsonNode body) {
    return oneOf(body, "value", null, "on", "off").equals("on");
  }

  private static String text(JsonNode body, String key) {
    if (!body.has(key)) {
      throw new IllegalArgumentException(key + " is missing in the body");
    }
    return body.get(key).asText();
  }

  private static String oneOf(JsonNode body, String key, String otherwise, String... allowed) {
    String value = body.has(key) || otherwise == null ? text(body, key) : otherwise;
    if (!List.of(allowed).contains(value)) {
      throw new IllegalArgumentException(
          key + " has to be one of " + String.join(", ", allowed) + ", not " + value);
    }
    return value;
  }
}
