package io.pveha.proxmox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pveha.contract.ApiSchema;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.Upid;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every call that can be sent is one that Proxmox takes, in both releases. */
class EveryCallIsValidTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final NodeName NODE = new NodeName("node1");
  private static final NodeName OTHER = new NodeName("node2");
  private static final GuestId CT = new GuestId(GuestKind.CT, 100);
  private static final GuestId VM = new GuestId(GuestKind.VM, 101);
  private static final Upid TASK =
      new Upid("UPID:node1:0000C350:00A1B2C3:65A0B1C2:zfscreate:tank:root@pam:");
  private static final Map<Integer, String> LINKS =
      Map.of(0, "10.0.0.11,priority=20", 1, "10.1.0.11");
  private static final String PRINT = "AB:".repeat(31) + "AB";

  /**
   * One call with good arguments.
   *
   * @param name {@code Class.method} that it stands for
   * @param releases where it may be sent, first digits
   */
  record Sent(String name, String releases, Consumer<ProxmoxApi> call) {}

  private static Sent in(String releases, String name, Consumer<ProxmoxApi> call) {
    return new Sent(name, releases, call);
  }

  private static Sent both(String name, Consumer<ProxmoxApi> call) {
    return in("89", name, call);
  }

  static List<Sent> calls() {
    return Stream.of(cluster(), storage(), guests(), replication(), ha(), placement(), health())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Sent> cluster() {
    return List.of(
        both("ClusterCalls.version", api -> new ClusterCalls(api).version().get()),
        both("ClusterCalls.version", api -> new ClusterCalls(api).version(NODE).get()),
        both("ClusterCalls.membership", api -> new ClusterCalls(api).membership().get()),
        both("ClusterCalls.nodes", api -> new ClusterCalls(api).nodes().get()),
        both("ClusterCalls.joinInfo", api -> new ClusterCalls(api).joinInfo().get()),
        both("ClusterCalls.quorumDevice", api -> new ClusterCalls(api).quorumDevice().get()),
        both("ClusterCalls.create", api -> new ClusterCalls(api).create("homelab", LINKS, 1)),
        both(
            "ClusterCalls.join",
            api -> new ClusterCalls(api).join("10.0.0.11", PRINT, new Secret("s"), LINKS, 1)),
        both("AccessCalls.permissions", api -> new AccessCalls(api).permissions().get()),
        both("ClusterCalls.options", api -> new ClusterCalls(api).options().get()),
        both(
            "ClusterCalls.setOption",
            api -> new ClusterCalls(api).setOption("ha", "shutdown_policy=migrate")),
        both(
            "ClusterCalls.setOption",
            api -> new ClusterCalls(api).setOption("crs", "ha=static,ha-rebalance-on-start=1")),
        both("AccessCalls.entries", api -> new AccessCalls(api).entries().get()),
        both("TaskCalls.failures", api -> new TaskCalls(api).failures(NODE, 100).get()),
        both("TaskCalls.status", api -> new TaskCalls(api).status(TASK).get()),
        both("TaskCalls.log", api -> new TaskCalls(api).log(TASK).get()));
  }

  private static List<Sent> storage() {
    return List.of(
        both("StorageCalls.disks", api -> new StorageCalls(api).disks(NODE).get()),
        both(
            "StorageCalls.disksWithHealth",
            api -> new StorageCalls(api).disksWithHealth(NODE).get()),
        both("StorageCalls.pools", api -> new StorageCalls(api).pools(NODE).get()),
        both("StorageCalls.pool", api -> new StorageCalls(api).pool(NODE, "tank").get()),
        both("ClusterCalls.notes", api -> new ClusterCalls(api).notes().get()),
        both("ClusterCalls.setNotes", api -> new ClusterCalls(api).setNotes("# Rack 7\n")),
        both("ClusterCalls.setNotes", api -> new ClusterCalls(api).setNotes("")),
        both("StorageCalls.createPool", api -> pool(api, "mirror", Optional.empty())),
        both("StorageCalls.createPool", api -> pool(api, "draid", Optional.of("data=2,spares=1"))),
        both("StorageCalls.destroyPool", api -> new StorageCalls(api).destroyPool(NODE, "tank")),
        both("StorageCalls.storages", api -> new StorageCalls(api).storages().get()),
        both("StorageCalls.createZfsStorage", EveryCallIsValidTest::zfsStorage),
        both(
            "StorageCalls.setStorageNodes",
            api ->
                new StorageCalls(api)
                    .setStorageNodes("tank", List.of("node1", "node2"), Optional.of("c5"))),
        both("StorageCalls.removeStorage", api -> new StorageCalls(api).removeStorage("tank")),
        both("StorageCalls.storageStatus", api -> new StorageCalls(api).storageStatus(NODE).get()),
        both("StorageCalls.content", api -> new StorageCalls(api).content(NODE, "tank").get()));
  }

  private static void pool(ProxmoxApi api, String level, Optional<String> draid) {
    List<String> disks = List.of("/dev/sdb", "/dev/sdc", "/dev/sdd", "/dev/sde");
    new StorageCalls(api).createPool(NODE, "tank", level, disks, 12, "on", draid);
  }

  private static void zfsStorage(ProxmoxApi api) {
    new StorageCalls(api)
        .createZfsStorage(
            "tank",
            "tank",
            List.of("images", "rootdir"),
            List.of("node1", "node2"),
            true,
            Optional.of("16k"),
            Optional.of("/tank"));
  }

  private static List<Sent> guests() {
    return List.of(
        both("GuestCalls.guests", api -> new GuestCalls(api).guests().get()),
        both("GuestCalls.config", api -> new GuestCalls(api).config(NODE, CT).get()),
        both("GuestCalls.config", api -> new GuestCalls(api).config(NODE, VM).get()),
        both("MappingCalls.pci", api -> new MappingCalls(api).pci().get()),
        both("MappingCalls.usb", api -> new MappingCalls(api).usb().get()),
        in("9", "MappingCalls.directories", api -> new MappingCalls(api).directories().get()),
        both("GuestCalls.create", api -> new GuestCalls(api).create(NODE, CT, container())),
        both("GuestCalls.create", api -> new GuestCalls(api).create(NODE, VM, machine())),
        both("GuestCalls.clone", api -> clone(api, CT, Optional.of("tank"))),
        both("GuestCalls.clone", api -> clone(api, VM, Optional.empty())),
        both(
            "GuestCalls.configure",
            api -> new GuestCalls(api).configure(NODE, CT, Map.of("memory", 512, "cores", 2))),
        both(
            "GuestCalls.configure",
            api -> new GuestCalls(api).configure(NODE, VM, Map.of("memory", 512, "cores", 2))),
        both("GuestCalls.start", api -> new GuestCalls(api).start(NODE, CT)),
        both("GuestCalls.start", api -> new GuestCalls(api).start(NODE, VM)),
        both("GuestCalls.shutdown", api -> new GuestCalls(api).shutdown(NODE, CT)),
        both("GuestCalls.shutdown", api -> new GuestCalls(api).shutdown(NODE, VM)),
        both("GuestCalls.migrate", api -> new GuestCalls(api).migrate(NODE, CT, OTHER, true)),
        both("GuestCalls.migrate", api -> new GuestCalls(api).migrate(NODE, VM, OTHER, true)),
        both("GuestCalls.migrate", api -> new GuestCalls(api).migrate(NODE, VM, OTHER, false)));
  }

  private static Map<String, Object> container() {
    return Map.of(
        "hostname",
        "web",
        "ostemplate",
        "local:vztmpl/debian-13-standard_13.1-1_amd64.tar.zst",
        "rootfs",
        "tank:8",
        "net0",
        "name=eth0,bridge=vmbr0,ip=dhcp",
        "cores",
        1,
        "memory",
        512,
        "unprivileged",
        true,
        "start",
        true);
  }

  private static Map<String, Object> machine() {
    return Map.of(
        "name", "web",
        "scsi0", "tank:8",
        "scsihw", "virtio-scsi-single",
        "net0", "virtio,bridge=vmbr0",
        "cores", 1,
        "memory", 512,
        "start", true);
  }

  private static void clone(ProxmoxApi api, GuestId source, Optional<String> storage) {
    new GuestCalls(api)
        .clone(NODE, source, 200, "web", storage.isPresent(), storage, Optional.of(NODE));
  }

  private static List<Sent> replication() {
    return List.of(
        both("ReplicationCalls.jobs", api -> new ReplicationCalls(api).jobs().get()),
        both("ReplicationCalls.status", api -> new ReplicationCalls(api).status(NODE).get()),
        both(
            "ReplicationCalls.create",
            api ->
                new ReplicationCalls(api)
                    .create("100-0", OTHER, "*/5", Optional.of(50), true, Optional.of("ours"))),
        both(
            "ReplicationCalls.create",
            api ->
                new ReplicationCalls(api)
                    .create("100-0", OTHER, "*/5", Optional.empty(), false, Optional.empty())),
        both(
            "ReplicationCalls.update",
            api ->
                new ReplicationCalls(api)
                    .update(
                        "100-0", "*/5", Optional.of(50), true, Optional.of("pveha: default/web"))),
        both(
            "ReplicationCalls.update",
            api ->
                new ReplicationCalls(api)
                    .update("100-0", "*/5", Optional.empty(), false, Optional.empty())),
        both(
            "ReplicationCalls.remove",
            api -> new ReplicationCalls(api).remove("100-0", true, false)),
        both(
            "ReplicationCalls.remove",
            api -> new ReplicationCalls(api).remove("100-0", false, true)),
        both(
            "ReplicationCalls.remove",
            api -> new ReplicationCalls(api).remove("100-0", false, false)),
        both(
            "ReplicationCalls.scheduleNow",
            api -> new ReplicationCalls(api).scheduleNow(NODE, "100-0")),
        both(
            "ReplicationCalls.nextRuns",
            api -> new ReplicationCalls(api).nextRuns("*/5", 2).get()));
  }

  private static List<Sent> ha() {
    return List.of(
        both("HaCalls.resources", api -> new HaCalls(api).resources().get()),
        in("8", "HaCalls.add", api -> new HaCalls(api).add("ct:100", "started", 1, 1, Map.of())),
        in(
            "8",
            "HaCalls.add",
            api -> new HaCalls(api).add("ct:100", "started", 1, 1, Map.of("group", "web"))),
        in(
            "9",
            "HaCalls.add",
            api -> new HaCalls(api).add("ct:100", "started", 1, 1, Map.of("failback", false))),
        in(
            "8",
            "HaCalls.update",
            api -> new HaCalls(api).update("ct:100", Map.of("state", "disabled", "group", "web"))),
        in(
            "9",
            "HaCalls.update",
            api -> new HaCalls(api).update("ct:100", Map.of("state", "stopped", "failback", true))),
        both("HaCalls.remove", api -> new HaCalls(api).remove("ct:100")),
        both("HaCalls.migrate", api -> new HaCalls(api).migrate("vm:101", OTHER)),
        both("HaCalls.relocate", api -> new HaCalls(api).relocate("ct:100", OTHER)),
        both("HaCalls.managerStatus", api -> new HaCalls(api).managerStatus().get()),
        both("HaCalls.current", api -> new HaCalls(api).current().get()));
  }

  private static List<Sent> placement() {
    Map<NodeName, Integer> nodes = Map.of(NODE, 2, OTHER, 0);
    List<String> sids = List.of("ct:100", "vm:101");
    return List.of(
        in("9", "PlacementCalls.means", api -> new PlacementCalls(api).means(9).get()),
        both("PlacementCalls.groups", api -> new PlacementCalls(api).groups().get()),
        both(
            "PlacementCalls.addGroup",
            api -> new PlacementCalls(api).addGroup("web", nodes, true, false)),
        both(
            "PlacementCalls.updateGroup",
            api -> new PlacementCalls(api).updateGroup("web", nodes, false, true)),
        both("PlacementCalls.removeGroup", api -> new PlacementCalls(api).removeGroup("web")),
        in("9", "PlacementCalls.rules", api -> new PlacementCalls(api).rules().get()),
        in(
            "9",
            "PlacementCalls.addNodeAffinity",
            api -> new PlacementCalls(api).addNodeAffinity("web", sids, nodes, true)),
        in(
            "9",
            "PlacementCalls.updateNodeAffinity",
            api -> new PlacementCalls(api).updateNodeAffinity("web", sids, nodes, false)),
        in(
            "9",
            "PlacementCalls.addResourceAffinity",
            api -> new PlacementCalls(api).addResourceAffinity("apart", sids, false)),
        in(
            "9",
            "PlacementCalls.updateResourceAffinity",
            api -> new PlacementCalls(api).updateResourceAffinity("apart", sids, true)),
        in("9", "PlacementCalls.removeRule", api -> new PlacementCalls(api).removeRule("web")));
  }

  private static List<Sent> health() {
    return List.of(
        both("HealthCalls.status", api -> new HealthCalls(api).status(NODE).get()),
        both("HealthCalls.services", api -> new HealthCalls(api).services(NODE).get()),
        both("HealthCalls.network", api -> new HealthCalls(api).network(NODE).get()),
        both("HealthCalls.time", api -> new HealthCalls(api).time(NODE).get()),
        both("HealthCalls.certificates", api -> new HealthCalls(api).certificates(NODE).get()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void proxmoxTakesEveryCall(String release) {
    ApiSchema schema = ApiSchema.of(release);
    List<String> wrong = new ArrayList<>();
    for (Sent sent : calls()) {
      if (sent.releases().contains(release.substring(0, 1))) {
        sent.call().accept(noting(request -> wrong.addAll(errors(schema, sent, request))));
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void noCallIsForgottenHere() {
    Set<String> known = calls().stream().map(Sent::name).collect(Collectors.toSet());
    assertThat(known).isEqualTo(methods());
  }

  private static Set<String> methods() {
    Set<String> methods = new TreeSet<>();
    for (Class<?> type :
        List.of(
            AccessCalls.class,
            ClusterCalls.class,
            TaskCalls.class,
            StorageCalls.class,
            GuestCalls.class,
            ReplicationCalls.class,
            HaCalls.class,
            MappingCalls.class,
            PlacementCalls.class,
            HealthCalls.class)) {
      for (Method method : type.getDeclaredMethods()) {
        if (Modifier.isPublic(method.getModifiers()) && !method.isSynthetic()) {
          methods.add(type.getSimpleName() + "." + method.getName());
        }
      }
    }
    return methods;
  }

  private static List<String> errors(ApiSchema schema, Sent sent, ApiRequest request) {
    ObjectNode entry = JSON.createObjectNode().put("method", request.method().name());
    entry.put("path", URLDecoder.decode(request.path(), StandardCharsets.UTF_8));
    ObjectNode parameters = entry.putObject("params");
    request.parameters().forEach(parameters::put);
    return schema.requestErrors(entry).stream()
        .map(error -> sent.name() + " sends " + error)
        .toList();
  }

  /** Answers just enough for the call to go on. */
  private static ProxmoxApi noting(Consumer<ApiRequest> note) {
    return new Answering(
        request -> {
          note.accept(request);
          return answer(request);
        });
  }

  private static JsonNode answer(ApiRequest request) {
    boolean task =
        request.method().isWrite()
            && (request.path().contains("/config")
                || request.path().contains("/disks/zfs")
                || request.path().contains("/nodes/"));
    if (task) {
      return JSON.getNodeFactory().textNode(TASK.value());
    }
    return switch (request.path()) {
      case "/cluster/status" ->
          JSON.valueToTree(
              List.of(Map.of("type", "node", "name", "node1", "local", 1, "online", 1)));
      case "/nodes/node1/time" -> JSON.valueToTree(Map.of("time", 1_800_000_000));
      case "/version",
          "/nodes/node1/version",
          "/access/permissions",
          "/cluster/config/join",
          "/cluster/ha/status/manager_status",
          "/nodes/node1/disks/zfs/tank",
          "/nodes/node1/status",
          "/cluster/options",
          "/cluster/config/qdevice",
          "/nodes/node1/lxc/100/config",
          "/nodes/node1/qemu/101/config" ->
          JSON.createObjectNode();
      default ->
          request.path().contains("/tasks/") && request.path().endsWith("/status")
              ? JSON.createObjectNode()
              : JSON.createArrayNode();
    };
  }
}
