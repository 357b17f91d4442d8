package io.pveha.simulator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One good request for each call. */
final class Tour {

  static final Instant START = Instant.parse("2026-01-05T08:00:00Z");

  private final boolean nine;
  private final Path folder;
  private final List<String> failed;
  private SimulatedCluster cluster;
  private ApiClient root;

  /**
   * Through this cluster.
   *
   * @param folder into which {@code traffic.jsonl} is recorded
   * @param failed takes what was refused
   */
  Tour(SimulatedCluster cluster, Path folder, List<String> failed) throws IOException {
    this.cluster = cluster;
    this.folder = folder;
    this.failed = failed;
    this.nine = cluster.info().pve().startsWith("9");
    this.root = ApiClient.root(cluster, 0);
  }

  void everything() throws IOException {
    access();
    clusterWide();
    guests();
    replication();
    highAvailability();
    nodes();
    disksAndStorage();
    endings();
  }

  private JsonNode good(String method, String path, String... params) throws IOException {
    ApiClient.Reply reply = root.send(method, path, params);
    if (reply.status() != 200) {
      failed.add(method + " " + path + ": " + reply.status() + " " + reply.body());
    }
    return reply.data();
  }

  private JsonNode get(String path, String... params) throws IOException {
    return good("GET", path, params);
  }

  /** Makes a call that starts a task, and lets time pass until it has ended well. */
  private void task(String method, String path, String... params) throws IOException {
    String upid = good(method, path, params).asText();
    for (int second = 0; upid.startsWith("UPID:") && second < 120; second++) {
      cluster.virtualClock().advance(Duration.ofSeconds(1));
      String at = "/nodes/" + upid.split(":")[1] + "/tasks/" + upid + "/status";
      JsonNode status = root.get(at).data();
      if (status.path("status").asText().equals("stopped")) {
        if (!status.get("exitstatus").asText().equals("OK")) {
          failed.add(path + ": " + status.get("exitstatus"));
        }
        return;
      }
    }
    failed.add(path + ": did not end: " + upid);
  }

  private void access() throws IOException {
    get("/access/ticket");
    get("/access/roles");
    good("POST", "/access/roles", "roleid", "Reader", "privs", "Sys.Audit,VM.Audit");
    good("PUT", "/access/roles/Reader", "privs", "Datastore.Audit", "append", "1");
    get("/access/roles/Reader");
    good("POST", "/access/users", "userid", "joe@pve", "password", "longenough", "comment", "J");
    get("/access/users", "full", "1");
    get("/access/users/joe@pve");
    String token = "/access/users/joe@pve/token/one";
    good("POST", token, "privsep", "0");
    get("/access/users/joe@pve/token");
    get(token);
    good("PUT", "/access/acl", "path", "/", "roles", "Reader", "users", "joe@pve");
    get("/access/acl");
    get("/access/permissions");
    good("DELETE", token);
    good("DELETE", "/access/users/joe@pve");
    good("DELETE", "/access/roles/Reader");
  }

  private void clusterWide() throws IOException {
    get("/version");
    get("/cluster/status");
    get("/cluster/config");
    get("/cluster/config/apiversion");
    get("/cluster/config/join");
    get("/cluster/config/nodes");
    get("/cluster/config/totem");
    get("/cluster/config/qdevice");
    good(
        "PUT",
        "/cluster/options",
        "crs",
        "ha=static,ha-rebalance-on-start=1",
        "ha",
        "shutdown_policy=migrate",
        "migration",
        "secure,network=10.0.0.0/24");
    get("/cluster/options");
    get("/cluster/nextid");
    get("/cluster/nextid", "vmid", "100");
    get("/cluster/log");
    get("/cluster/jobs/schedule-analyze", "schedule", "*/5", "iterations", "3");
    good("POST", "/pools", "poolid", "web", "comment", "servers");
  }

  private void guests() throws IOException {
    String template =
        get("/nodes/node1/storage/local/content", "content", "vztmpl")
            .path(0)
            .path("volid")
            .asText();
    task(
        "POST",
        "/nodes/node1/lxc",
        "vmid",
        "100",
        "ostemplate",
        template,
        "hostname",
        "web",
        "rootfs",
        "tank:4",
        "unprivileged",
        "1",
        "memory",
        "512",
        "cores",
        "1",
        "net0",
        "name=eth0,bridge=vmbr0,ip=dhcp",
        "tags",
        "web",
        "pool",
        "web");
    task(
        "POST",
        "/nodes/node1/qemu",
        "vmid",
        "200",
        "name",
        "db",
        "scsi0",
        "tank:8",
        "memory",
        "1024",
        "net0",
        "virtio,bridge=vmbr0",
        "agent",
        "1");
    good("PUT", "/pools", "poolid", "web", "vms", "200");
    good("PUT", "/pools/web", "comment", "more");
    for (String kind : List.of("pci", "usb")) {
      good("POST", "/cluster/mapping/" + kind, "id", "key", "map", "node=node1,id=1234:5678");
      get("/cluster/mapping/" + kind);
    }
    get("/pools");
    get("/pools/web");
    good("POST", "/pools", "poolid", "empty");
    good("DELETE", "/pools/empty");
    good("POST", "/pools", "poolid", "empty");
    good("DELETE", "/pools", "poolid", "empty");
    for (String guest : List.of("lxc/100", "qemu/200")) {
      String at = "/nodes/node1/" + guest;
      get("/nodes/node1/" + guest.split("/")[0]);
      get(at);
      get(at + "/status");
      get(at + "/config");
      good("PUT", at + "/config", "description", "text", "onboot", "1");
      get(at + "/config");
      task("POST", at + "/status/start");
      cluster.virtualClock().advance(Duration.ofSeconds(40));
      get(at + "/status/current");
      task("POST", at + "/status/reboot");
      cluster.virtualClock().advance(Duration.ofSeconds(40));
      if (nine || guest.startsWith("qemu")) {
        get(at + "/migrate");
      }
      task("POST", at + "/status/shutdown");
      task("POST", at + "/status/start");
      task("POST", at + "/status/stop");
      task("POST", at + "/migrate", "target", "node2");
      task("POST", at.replace("node1", "node2") + "/migrate", "target", "node1");
    }
    task("POST", "/nodes/node1/qemu/200/config", "cores", "2");
    task("POST", "/nodes/node1/qemu/200/status/start");
    cluster.virtualClock().advance(Duration.ofSeconds(60));
    good("POST", "/nodes/node1/qemu/200/agent/ping");
    get("/nodes/node1/qemu/200/migrate");
    task("POST", "/nodes/node1/qemu/200/status/stop");
    get("/nodes/node1/qemu/200/migrate");
    task("POST", "/nodes/node1/lxc/100/clone", "newid", "101", "full", "1", "hostname", "copy");
    task("POST", "/nodes/node1/qemu/200/clone", "newid", "201", "full", "1", "name", "copy");
    task("DELETE", "/nodes/node1/lxc/101");
    task("DELETE", "/nodes/node1/qemu/201");
    task("POST", "/nodes/node1/startall", "force", "1");
    cluster.virtualClock().advance(Duration.ofSeconds(60));
    task("POST", "/nodes/node1/stopall");
    task(
        "POST",
        "/nodes/node1/migrateall",
        "target",
        "node2",
        "vms",
        "200",
        "with-local-disks",
        "1");
    get("/cluster/resources");
    get("/cluster/resources", "type", "vm");
  }

  private void replication() throws IOException {
    good(
        "POST",
        "/cluster/replication",
        "id",
        "100-0",
        "type",
        "local",
        "target",
        "node2",
        "schedule",
        "*/1",
        "rate",
        "10");
    good("POST", "/cluster/replication", "id", "100-1", "type", "local", "target", "node3");
    good("PUT", "/cluster/replication/100-1", "schedule", "*/2", "comment", "to three");
    cluster.virtualClock().advance(Duration.ofMinutes(5));
    get("/cluster/replication");
    get("/cluster/replication/100-0");
    get("/nodes/node1/replication", "guest", "100");
    get("/nodes/node1/replication/100-0");
    get("/nodes/node1/replication/100-0/status");
    get("/nodes/node1/replication/100-0/log");
    good("POST", "/nodes/node1/replication/100-0/schedule_now");
    cluster.virtualClock().advance(Duration.ofSeconds(5));
    get("/nodes/node1/replication");
    good("DELETE", "/cluster/replication/100-1");
    cluster.virtualClock().advance(Duration.ofMinutes(2));
  }

  private void highAvailability() throws IOException {
    get("/cluster/ha");
    get("/cluster/ha/status");
    if (!nine) {
      good("POST", "/cluster/ha/groups", "group", "home", "nodes", "node1:2,node2:1");
      good("PUT", "/cluster/ha/groups/home", "nofailback", "1", "restricted", "1");
      get("/cluster/ha/groups");
      get("/cluster/ha/groups/home");
      good("POST", "/cluster/ha/groups", "group", "spare", "nodes", "node3");
      good("DELETE", "/cluster/ha/groups/spare");
    }
    String extra = nine ? "failback" : "group";
    good(
        "POST",
        "/cluster/ha/resources",
        "sid",
        "ct:100",
        "state",
        "started",
        "max_relocate",
        "2",
        extra,
        nine ? "0" : "home");
    get("/cluster/ha/resources");
    good("PUT", "/cluster/ha/resources/ct:100", "max_restart", "2", "comment", "c");
    get("/cluster/ha/resources/ct:100");
    if (nine) {
      good(
          "POST",
          "/cluster/ha/rules",
          "rule",
          "home",
          "type",
          "node-affinity",
          "resources",
          "ct:100",
          "nodes",
          "node1:2,node2:1");
      good("PUT", "/cluster/ha/rules/home", "type", "node-affinity", "strict", "1");
      get("/cluster/ha/rules");
      get("/cluster/ha/rules/home");
    }
    cluster.virtualClock().advance(Duration.ofMinutes(1));
    get("/cluster/ha/status/current");
    get("/cluster/ha/status/manager_status");
    get("/nodes/node1/lxc/100/status/current");
    get("/cluster/resources");
    good("POST", "/cluster/ha/resources/ct:100/migrate", "node", "node2");
    cluster.virtualClock().advance(Duration.ofMinutes(2));
    good("POST", "/cluster/ha/resources/ct:100/relocate", "node", "node1");
    cluster.virtualClock().advance(Duration.ofMinutes(2));
    if (nine) {
      good("POST", "/cluster/ha/status/disarm-ha", "resource-mode", "freeze");
      cluster.virtualClock().advance(Duration.ofMinutes(1));
      get("/cluster/ha/status/current");
      get("/cluster/ha/status/manager_status");
      good("POST", "/cluster/ha/status/arm-ha");
      cluster.virtualClock().advance(Duration.ofMinutes(1));
      good("DELETE", "/cluster/ha/rules/home");
    }
    good("DELETE", "/cluster/ha/resources/ct:100");
    cluster.virtualClock().advance(Duration.ofMinutes(1));
    get("/cluster/ha/status/current");
  }

  private void nodes() throws IOException {
    get("/nodes");
    for (String node : List.of("/nodes/node1", "/nodes/node2")) {
      get(node + "/status");
      get(node + "/version");
      get(node + "/time");
      get(node + "/network");
      get(node + "/certificates/info");
      get(node + "/services");
      get(node + "/services/pve-ha-lrm");
      get(node + "/services/pve-ha-lrm/state");
      JsonNode tasks = get(node + "/tasks", "source", "all");
      String upid = tasks.path(0).path("upid").asText();
      get(node + "/tasks/" + upid);
      get(node + "/tasks/" + upid + "/log");
      good("DELETE", node + "/tasks/" + upid);
    }
    for (String action : List.of("stop", "start", "restart", "reload")) {
      task("POST", "/nodes/node2/services/cron/" + action);
    }
    get("/cluster/tasks");
    good("POST", "/nodes/node3/wakeonlan");
  }

  private void disksAndStorage() throws IOException {
    String node = "/nodes/node1";
    get(node + "/disks");
    get(node + "/disks/list");
    get(node + "/disks/smart", "disk", "/dev/sdb");
    get(node + "/disks/zfs");
    get(node + "/disks/zfs/tank");
    get(node + "/storage");
    get(node + "/storage/tank");
    get(node + "/storage/tank/status");
    get(node + "/storage/tank/content");
    get("/storage");
    get("/storage/tank");
    good("PUT", "/storage/tank", "nodes", "node1,node2");
    task("DELETE", "/nodes/node3/disks/zfs/tank", "cleanup-disks", "1");
    task("PUT", "/nodes/node3/disks/wipedisk", "disk", "/dev/sdb");
    task(
        "POST",
        "/nodes/node3/disks/zfs",
        "name",
        "other",
        "raidlevel",
        "single",
        "devices",
        "/dev/sdb",
        "ashift",
        "13",
        "compression",
        "zstd");
    good(
        "POST",
        "/storage",
        "storage",
        "other",
        "type",
        "zfspool",
        "pool",
        "other",
        "content",
        "images,rootdir",
        "nodes",
        "node3",
        "sparse",
        "1");
    good("DELETE", "/storage/other");
  }

  private void endings() throws IOException {
    cluster.faults().power("node3", false);
    cluster.virtualClock().advance(Duration.ofMinutes(1));
    get("/cluster/status");
    get("/nodes");
    get("/cluster/resources");
    good("DELETE", "/cluster/config/nodes/node3");
    good("POST", "/nodes/node2/status", "command", "reboot");
    SimulatorOptions bare =
        SimulatorOptions.standard()
            .withVersion(cluster.world().spec().version())
            .withVirtualTime()
            .withRecord(folder.resolve("forming.jsonl"));
    ApiClient former = root;
    SimulatedCluster formerCluster = cluster;
    try (SimulatedCluster forming = SimulatedCluster.start(bare, START)) {
      cluster = forming;
      root = ApiClient.root(forming, 0);
      forming(ApiClient.root(forming, 1));
    }
    root = former;
    cluster = formerCluster;
    append();
  }

  private void forming(ApiClient joiner) throws IOException {
    get("/cluster/status");
    good("POST", "/cluster/config", "clustername", "home", "link0", "10.0.0.11");
    cluster.virtualClock().advance(Duration.ofSeconds(30));
    cluster.adapt();
    JsonNode info = get("/cluster/config/join");
    ApiClient.Reply join =
        joiner.post(
            "/cluster/config/join",
            "hostname",
            "10.0.0.11",
            "fingerprint",
            info.at("/nodelist/0/pve_fp").asText(),
            "password",
            cluster.info().rootPassword(),
            "link0",
            "10.0.0.12");
    assertThat(join.status()).isEqualTo(200);
    cluster.virtualClock().advance(Duration.ofSeconds(60));
    cluster.adapt();
    JsonNode status = get("/cluster/status");
    assertThat(status.findValuesAsText("online")).containsExactly("1", "1");
    assertThat(ApiClient.root(cluster, 1).get("/cluster/status").status()).isEqualTo(200);
  }

  private void append() throws IOException {
    Files.write(
        folder.resolve("traffic.jsonl"),
        Files.readAllLines(folder.resolve("forming.jsonl")),
        StandardOpenOption.APPEND);
  }
}
