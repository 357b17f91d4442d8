package io.pveha.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pveha.operator.connection.Connector;
import io.pveha.proxmox.Answering;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a cluster at rest answers, of any size and without a simulation: containers that run under
 * HA, each on the pool {@code tank} of its node, replicated to the next node every quarter of an
 * hour. It takes on what is asked of HA resources, rules and notes, and nothing else.
 */
final class SyntheticProxmox implements Connector {

  static final int FIRST = 100;
  static final int PORT = 8006;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern NODE = Pattern.compile("^/nodes/([^/]+)/(.*)$");
  private static final Pattern CONFIG = Pattern.compile("lxc/(\\d+)/config");
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String PRIVILEGES =
      "Datastore.Allocate Datastore.AllocateSpace Datastore.Audit Mapping.Audit Mapping.Use"
          + " Permissions.Modify Pool.Allocate Pool.Audit SDN.Audit SDN.Use Sys.Audit Sys.Console"
          + " Sys.Modify Sys.PowerMgmt VM.Allocate VM.Audit VM.Clone VM.Config.CDROM VM.Config.CPU"
          + " VM.Config.Cloudinit VM.Config.Disk VM.Config.HWType VM.Config.Memory"
          + " VM.Config.Network VM.Config.Options VM.GuestAgent.Audit VM.Migrate VM.Monitor"
          + " VM.PowerMgmt VM.Replicate";

  private final String name;
  private final String network;
  private final int nodes;
  private final int guests;
  private final VirtualTime time;
  private final Map<String, ObjectNode> resources = new TreeMap<>();
  private final Map<String, ObjectNode> rules = new TreeMap<>();
  private final Map<Integer, String> statuses = new TreeMap<>();
  private final Map<String, List<JsonNode>> answers = new TreeMap<>();
  private final List<String> writes = new ArrayList<>();
  private final Set<String> asked = new HashSet<>();
  private String notes = "";
  private int requests;

  /**
   * A cluster.
   *
   * @param network its first two numbers, as in {@code 10.1}
   */
  SyntheticProxmox(String name, String network, int nodes, int guests, VirtualTime time) {
    this.name = name;
    this.network = network;
    this.nodes = nodes;
    this.guests = guests;
    this.time = time;
    for (int vmid = FIRST; vmid < FIRST + guests; vmid++) {
      statuses.put(vmid, "running");
      resources.put(
          sid(vmid),
          object("sid", sid(vmid), "type", "ct", "state", "started", "max_restart", 1)
              .put("max_relocate", 1)
              .put("failback", 0));
      rules.put(
          rule(vmid),
          object("rule", rule(vmid), "type", "node-affinity", "resources", sid(vmid))
              .put("nodes", home(vmid) + ":2," + target(vmid) + ":1")
              .put("strict", 1));
    }
  }

  int nodes() {
    return nodes;
  }

  int guests() {
    return guests;
  }

  String network() {
    return network;
  }

  String name() {
    return name;
  }

  String address(int node) {
    return network + "." + node / 200 + "." + (node % 200 + 1);
  }

  static String node(int number) {
    return "n%02d".formatted(number);
  }

  String home(int vmid) {
    return node((vmid - FIRST) % nodes + 1);
  }

  String target(int vmid) {
    return node((vmid - FIRST + 1) % nodes + 1);
  }

  static String sid(int vmid) {
    return "ct:" + vmid;
  }

  private static String rule(int vmid) {
    return "pveha-ct-" + vmid;
  }

  /** How many requests were sent to any node. */
  int requests() {
    return requests;
  }

  /** Whether this was asked for since this was called last. */
  boolean wasAsked(String path) {
    boolean was = asked.contains(path);
    asked.clear();
    return was;
  }

  /** All that was asked to be changed. */
  List<String> writes() {
    return List.copyOf(writes);
  }

  /** Changes the status of a guest, as in {@code stopped}. */
  void status(int vmid, String status) {
    statuses.put(vmid, status);
  }

  @Override
  public ProxmoxApi connect(Endpoint endpoint, Credentials credentials) {
    int self = 0;
    for (int node = 1; node <= nodes; node++) {
      self = address(node).equals(endpoint.host()) ? node : self;
    }
    String me = node(self);
    return new Answering(
        request -> {
          requests++;
          asked.add(request.path());
          return request.method().isWrite() ? write(request) : answer(me, request);
        });
  }

  private JsonNode write(ApiRequest request) {
    writes.add(request.method() + " " + request.path() + " " + request.parameters());
    Map<String, String> parameters = request.parameters();
    if (request.path().equals("/cluster/options")) {
      notes = parameters.getOrDefault("description", notes);
    } else if (request.path().startsWith("/cluster/ha/rules")) {
      put(rules, request, "rule");
    } else if (request.path().startsWith("/cluster/ha/resources")) {
      put(resources, request, "sid");
    } else {
      throw new ProxmoxFailure.Refused("no such thing here: " + request);
    }
    return JSON.nullNode();
  }

  private static void put(Map<String, ObjectNode> rows, ApiRequest request, String key) {
    String id =
        request.parameters().containsKey(key)
            ? request.parameters().get(key)
            : request.path().substring(request.path().lastIndexOf('/') + 1).replace("%3A", ":");
    ObjectNode row = rows.computeIfAbsent(id, unused -> object(key, id));
    request.parameters().forEach(row::put);
  }

  private JsonNode answer(String me, ApiRequest request) {
    Matcher node = NODE.matcher(request.path());
    if (node.matches()) {
      return ofNode(node.group(1), node.group(2));
    }
    return switch (request.path()) {
      case "/cluster/status" -> membership(me);
      case "/cluster/resources" -> guestRows();
      case "/cluster/ha/status/manager_status" -> managerStatus();
      case "/cluster/ha/status/current" -> current();
      case "/cluster/ha/resources" -> array(List.copyOf(resources.values()));
      case "/cluster/ha/rules" -> array(List.copyOf(rules.values()));
      case "/cluster/ha/groups", "/cluster/mapping/pci", "/cluster/mapping/usb" -> array(List.of());
      case "/cluster/replication" -> array(jobs());
      case "/cluster/jobs/schedule-analyze" ->
          array(
              List.of(
                  object("timestamp", 1_800_000_000, "utc", "x"),
                  object("timestamp", 1_800_000_900, "utc", "x")));
      case "/storage" -> storages();
      case "/cluster/config/join" -> join();
      case "/cluster/config/qdevice" -> JSON.nullNode();
      case "/cluster/options" -> object("description", notes, "keyboard", "en-us");
      case "/version" -> object("version", "9.1.2", "release", "9.1");
      case "/access/permissions" -> permissions();
      case "/access/acl" ->
          array(
              List.of(
                  object("path", "/", "type", "token", "ugid", "operator@pve!pveha")
                      .put("roleid", "Operator")));
      default -> throw new ProxmoxFailure.Refused("no such thing here: " + request);
    };
  }

  private JsonNode ofNode(String node, String what) {
    Matcher config = CONFIG.matcher(what);
    if (config.matches()) {
      return object(
          "hostname",
          "g" + config.group(1),
          "rootfs",
          "tank:subvol-%s-disk-0,size=8G".formatted(config.group(1)),
          "memory",
          512);
    }
    return switch (what) {
      case "version" -> object("version", "9.1.2", "release", "9.1");
      case "replication" -> array(runs(node));
      case "storage" ->
          array(
              List.of(
                  storage("local", "dir", "iso,vztmpl,backup"),
                  storage("tank", "zfspool", "images,rootdir")));
      case "storage/tank/content" -> array(volumes(node));
      case "disks/list" ->
          array(
              List.of(
                  object("devpath", "/dev/sda", "size", 1L << 40, "used", "LVM", "type", "ssd")
                      .put("health", "PASSED"),
                  object("devpath", "/dev/sdb", "size", 1L << 40, "used", "ZFS", "type", "ssd")
                      .put("health", "PASSED")));
      case "disks/zfs" ->
          array(
              List.of(
                  object("name", "tank", "size", 1L << 40, "alloc", 1L << 38, "free", 3L << 38)
                      .put("frag", 3)
                      .put("dedup", 1.0)
                      .put("health", "ONLINE")));
      case "disks/zfs/tank" ->
          object("name", "tank", "state", "ONLINE", "errors", "No known data errors")
              .set("children", array(List.of(object("name", "tank", "state", "ONLINE"))));
      case "status" ->
          object("uptime", 1_000_000, "cpu", 0.1, "pveversion", "pve-manager/9.1.2/abc")
              .<ObjectNode>set("memory", object("total", 1L << 40, "used", 1L << 38))
              .set("rootfs", object("total", 1L << 40, "used", 1L << 38));
      case "services" ->
          array(
              List.of("corosync", "pve-cluster", "pve-ha-crm", "pve-ha-lrm", "pvedaemon").stream()
                  .<JsonNode>map(
                      daemon ->
                          object("service", daemon, "name", daemon, "state", "running")
                              .put("active-state", "active")
                              .put("unit-state", "enabled"))
                  .toList());
      case "network" ->
          array(List.of(object("iface", "vmbr0", "type", "bridge", "active", 1, "autostart", 1)));
      case "time" -> object("time", time.instant().getEpochSecond(), "timezone", "UTC");
      case "certificates/info" ->
          array(
              List.of(
                  object("filename", "pve-root-ca.pem", "fingerprint", fingerprint(0))
                      .put("notafter", 2_000_000_000)));
      default -> throw new ProxmoxFailure.Refused("no such thing here: " + node + " " + what);
    };
  }

  private JsonNode membership(String me) {
    List<JsonNode> rows = new ArrayList<>();
    rows.add(
        object("type", "cluster", "id", "cluster", "name", name, "nodes", nodes)
            .put("quorate", 1)
            .put("version", nodes));
    for (int node = 1; node <= nodes; node++) {
      rows.add(
          object("type", "node", "id", "node/" + node(node), "name", node(node), "nodeid", node)
              .put("ip", address(node))
              .put("online", 1)
              .put("local", node(node).equals(me) ? 1 : 0));
    }
    return array(rows);
  }

  private JsonNode guestRows() {
    List<JsonNode> rows = new ArrayList<>();
    statuses.forEach(
        (vmid, status) ->
            rows.add(
                object("type", "lxc", "id", "lxc/" + vmid, "vmid", vmid, "node", home(vmid))
                    .put("name", "g" + vmid)
                    .put("status", status)
                    .put("tags", vmid % 2 == 0 ? "web;even" : "web")
                    .put("template", 0)
                    .put("maxcpu", 1)
                    .put("maxmem", 512L << 20)));
    return array(rows);
  }

  private JsonNode managerStatus() {
    long now = time.instant().getEpochSecond();
    ObjectNode states = JSON.objectNode();
    ObjectNode agents = JSON.objectNode();
    for (int node = 1; node <= nodes; node++) {
      states.put(node(node), "online");
      agents.set(node(node), object("state", "active", "mode", "active", "timestamp", now));
    }
    ObjectNode services = JSON.objectNode();
    statuses
        .keySet()
        .forEach(
            vmid ->
                services.set(
                    sid(vmid),
                    object("state", "started", "node", home(vmid), "running", 1, "uid", "u")));
    ObjectNode manager = object("master_node", node(1), "timestamp", now);
    manager.set("node_status", states);
    manager.set("service_status", services);
    ObjectNode answer = JSON.objectNode();
    answer.set("manager_status", manager);
    answer.set("lrm_status", agents);
    answer.set("quorum", object("quorate", 1, "node", node(1)));
    return answer;
  }

  private JsonNode current() {
    return array(List.of(object("id", "quorum", "type", "quorum", "node", node(1), "quorate", 1)));
  }

  private List<JsonNode> jobs() {
    return statuses.keySet().stream()
        .<JsonNode>map(
            vmid ->
                object("id", vmid + "-0", "type", "local", "guest", vmid, "jobnum", 0)
                    .put("target", target(vmid))
                    .put("source", home(vmid))
                    .put("schedule", "*/15")
                    .put("comment", "pveha: " + name + "/r" + vmid))
        .toList();
  }

  private List<JsonNode> runs(String node) {
    long quarter = time.instant().getEpochSecond() / 900 * 900;
    return answers("runs " + node + quarter, () -> runs(node, quarter));
  }

  private List<JsonNode> runs(String node, long quarter) {
    return statuses.keySet().stream()
        .filter(vmid -> home(vmid).equals(node))
        .<JsonNode>map(
            vmid ->
                object("id", vmid + "-0", "guest", vmid, "source", node, "target", target(vmid))
                    .put("last_sync", quarter)
                    .put("last_try", quarter)
                    .put("next_sync", quarter + 900)
                    .put("fail_count", 0)
                    .put("duration", 3.5))
        .toList();
  }

  private List<JsonNode> volumes(String node) {
    return answers(
        "volumes " + node,
        () ->
            statuses.keySet().stream()
                .filter(vmid -> home(vmid).equals(node) || target(vmid).equals(node))
                .<JsonNode>map(
                    vmid ->
                        object("volid", "tank:subvol-%d-disk-0".formatted(vmid), "vmid", vmid)
                            .put("content", "rootdir")
                            .put("size", 8L << 30))
                .toList());
  }

  private List<JsonNode> answers(String key, java.util.function.Supplier<List<JsonNode>> made) {
    return answers.computeIfAbsent(key, unused -> made.get());
  }

  private static JsonNode storages() {
    return array(
        List.of(
            object("storage", "local", "type", "dir", "path", "/var/lib/vz")
                .put("content", "iso,vztmpl,backup"),
            object("storage", "tank", "type", "zfspool", "pool", "tank")
                .put("content", "images,rootdir")));
  }

  private static ObjectNode storage(String id, String type, String content) {
    return object("storage", id, "type", type, "content", content, "active", 1)
        .put("enabled", 1)
        .put("shared", 0)
        .put("total", 1L << 40)
        .put("used", 1L << 38)
        .put("avail", 3L << 38);
  }

  private JsonNode join() {
    List<JsonNode> members = new ArrayList<>();
    for (int node = 1; node <= nodes; node++) {
      members.add(
          object("name", node(node), "pve_addr", address(node), "pve_fp", fingerprint(node))
              .put("quorum_votes", 1));
    }
    ObjectNode answer = object("preferred_node", node(1));
    answer.set("nodelist", array(members));
    return answer;
  }

  /** As a certificate of a node might have it. */
  String fingerprint(int node) {
    return "AB:".repeat(29)
        + "%02X:%02X:%02X".formatted(name.hashCode() >> 8 & 0xFF, name.hashCode() & 0xFF, node);
  }

  private static JsonNode permissions() {
    ObjectNode held = JSON.objectNode();
    for (String privilege : PRIVILEGES.split(" ")) {
      held.put(privilege, 1);
    }
    ObjectNode paths = JSON.objectNode();
    for (String path :
        List.of("/", "/access", "/nodes", "/pool", "/storage", "/vms", "/mapping", "/sdn")) {
      paths.set(path, held);
    }
    return paths;
  }

  private static ArrayNode array(List<? extends JsonNode> rows) {
    return JSON.arrayNode().addAll(rows);
  }

  private static ObjectNode object(Object... pairs) {
    ObjectNode object = JSON.objectNode();
    for (int i = 0; i < pairs.length; i += 2) {
      object.set((String) pairs[i], MAPPER.valueToTree(pairs[i + 1]));
    }
    return object;
  }
}
