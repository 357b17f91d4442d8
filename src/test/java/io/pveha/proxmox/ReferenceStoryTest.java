package io.pveha.proxmox;

import static io.pveha.proxmox.SimulatedNodes.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pveha.contract.ApiSchema;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeName;
import io.pveha.proxmox.ClusterCalls.MembershipView;
import io.pveha.proxmox.PlacementCalls.Means;
import io.pveha.simulator.faults.Faults;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference story, call by call, against simulated nodes of both releases. */
class ReferenceStoryTest {

  private static final GuestId WEB = new GuestId(GuestKind.CT, 100);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"8.3", "9.1"})
  void everyCallOfTheStoryWorksAndIsValid(String release) {
    Path record = folder.resolve("traffic.jsonl");
    try (SimulatedNodes nodes = SimulatedNodes.start(release, true, Optional.of(record))) {
      formCluster(nodes);
      makePools(nodes);
      makeGuest(nodes);
      replicate(nodes);
      putUnderHa(nodes, release);
      readHealth(nodes);
    }
    assertThat(ApiSchema.of(release).errorsIn(record)).isEmpty();
  }

  private static void formCluster(SimulatedNodes nodes) {
    ClusterCalls first = new ClusterCalls(nodes.root("node1"));
    MembershipView bare = first.membership().get();
    assertThat(bare.self()).isEqualTo(name(1));
    assertThat(bare.clusterName()).isEmpty();
    assertThatThrownBy(() -> first.joinInfo().get())
        .isInstanceOf(ProxmoxFailure.NotInCluster.class);
    first.create("homelab", Map.of(0, nodes.node("node1").ip()), 1);
    nodes.pass(Duration.ofSeconds(30));
    assertThat(new ClusterCalls(nodes.root("node1")).membership().get().clusterName())
        .hasValue("homelab");
    join(nodes, "node2", 2);
    join(nodes, "node3", 3);
  }

  private static void join(SimulatedNodes nodes, String name, int members) {
    ClusterCalls peer = new ClusterCalls(nodes.root("node1"));
    String before = nodes.fingerprint(name);
    ProxmoxApi joining = nodes.root(name);
    ClusterCalls.JoinNode through = peer.joinInfo().get().node(name(1)).orElseThrow();
    Secret password = new Secret(nodes.simulated().info().rootPassword());
    try {
      new ClusterCalls(joining)
          .join(
              through.address(),
              through.fingerprint(),
              password,
              Map.of(0, nodes.node(name).ip()),
              1);
    } catch (ProxmoxFailure.ConnectionLost lost) {
      assertThat(lost.mayHaveHappened()).isTrue();
    }
    nodes.pass(Duration.ofSeconds(60));
    MembershipView view = new ClusterCalls(nodes.root("node1")).membership().get();
    assertThat(view.members()).hasSize(members).allMatch(ClusterCalls.Member::online);
    assertThat(view.quorate()).isTrue();
    assertThatThrownBy(
            () -> new ClusterCalls(nodes.as(nodes.token(), name, before)).membership().get())
        .isInstanceOf(ProxmoxFailure.CertificateMismatch.class);
    String told = peer.joinInfo().get().node(new NodeName(name)).orElseThrow().fingerprint();
    assertThat(told).isEqualTo(nodes.fingerprint(name));
    // The cluster's token is the joiner's, too.
    assertThat(new ClusterCalls(nodes.as(nodes.token(), name, told)).membership().get().self())
        .isEqualTo(new NodeName(name));
  }

  private static void makePools(SimulatedNodes nodes) {
    ProxmoxApi cluster = nodes.cluster("node1", "node2", "node3");
    StorageCalls storage = new StorageCalls(cluster);
    for (int number = 1; number <= 3; number++) {
      NodeName node = name(number);
      String disk =
          storage.disks(node).get().stream()
              .filter(each -> each.used() == null)
              .findFirst()
              .orElseThrow()
              .devpath();
      assertThat(
              nodes
                  .ended(
                      cluster,
                      storage.createPool(
                          node, "tank", "single", List.of(disk), 12, "on", Optional.empty()))
                  .isDone())
          .isTrue();
      assertThat(storage.pool(node, "tank").get().state()).isEqualTo("ONLINE");
      assertThat(storage.disksWithHealth(node).get()).anyMatch(each -> "ZFS".equals(each.used()));
    }
    storage.createZfsStorage(
        "tank",
        "tank",
        List.of("images", "rootdir"),
        List.of("node1"),
        true,
        Optional.empty(),
        Optional.empty());
    storage.setStorageNodes("tank", List.of("node1", "node2", "node3"), Optional.empty());
    assertThat(storage.storages().get())
        .filteredOn(entry -> entry.storage().equals("tank"))
        .singleElement()
        .satisfies(
            entry -> assertThat(entry.nodeList()).containsExactly("node1", "node2", "node3"));
    assertThat(storage.storageStatus(name(2)).get())
        .anyMatch(status -> status.storage().equals("tank") && status.active());
    assertThatThrownBy(() -> storage.removeStorage("nothing"))
        .isInstanceOf(ProxmoxFailure.Refused.class);
  }

  private static void makeGuest(SimulatedNodes nodes) {
    ProxmoxApi cluster = nodes.cluster("node2", "node1");
    GuestCalls guests = new GuestCalls(cluster);
    String template =
        new StorageCalls(cluster)
            .content(name(1), "local").get().stream()
                .filter(volume -> "vztmpl".equals(volume.content()))
                .findFirst()
                .orElseThrow()
                .volid();
    Map<String, Object> options =
        Map.of(
            "hostname",
            "web",
            "ostemplate",
            template,
            "rootfs",
            "tank:4",
            "memory",
            512,
            "unprivileged",
            true,
            "net0",
            "name=eth0,bridge=vmbr0,ip=dhcp");
    assertThat(nodes.ended(cluster, guests.create(name(1), WEB, options)).isDone()).isTrue();
    assertThat(nodes.ended(cluster, guests.start(name(1), WEB)).isDone()).isTrue();
    assertThat(guests.guests().get())
        .singleElement()
        .satisfies(
            guest -> {
              assertThat(guest.id()).isEqualTo(WEB);
              assertThat(guest.node()).isEqualTo(name(1));
              assertThat(guest.isRunning()).isTrue();
            });
    guests.configure(name(1), WEB, Map.of("memory", 1024));
    assertThat(guests.config(name(1), WEB).get()).containsEntry("memory", "1024");
    Throwable twice =
        catchThrowable(() -> nodes.ended(cluster, guests.create(name(1), WEB, options)));
    assertThat(twice)
        .isInstanceOfAny(ProxmoxFailure.Refused.class, ProxmoxFailure.BadRequest.class);
  }

  private static void replicate(SimulatedNodes nodes) {
    ReplicationCalls replication = new ReplicationCalls(nodes.cluster("node1", "node2"));
    assertThat(replication.nextRuns("*/5", 2).get()).hasSize(2);
    assertThatThrownBy(() -> replication.nextRuns("whenever", 2).get())
        .isInstanceOf(ProxmoxFailure.BadRequest.class);
    replication.create("100-0", name(2), "*/5", Optional.of(50), false, Optional.of("ours"));
    replication.create("100-1", name(3), "*/5", Optional.empty(), false, Optional.empty());
    nodes.pass(Duration.ofMinutes(11));
    assertThat(replication.jobs().get()).hasSize(2);
    assertThat(replication.status(name(1)).get())
        .hasSize(2)
        .allSatisfy(job -> assertThat(job.lastSync()).isPresent());
    assertThat(replication.status(name(2)).get()).isEmpty();
    replication.update("100-1", "*/10", Optional.empty(), false, Optional.empty());
    replication.scheduleNow(name(1), "100-1");
    replication.remove("100-1", false, false);
    nodes.pass(Duration.ofMinutes(3));
    assertThat(replication.jobs().get())
        .extracting(ReplicationCalls.Job::id)
        .containsExactly("100-0");
  }

  private static void putUnderHa(SimulatedNodes nodes, String release) {
    ProxmoxApi cluster = nodes.cluster("node1", "node2");
    HaCalls ha = new HaCalls(cluster);
    PlacementCalls placement = new PlacementCalls(cluster);
    Map<NodeName, Integer> where = Map.of(name(1), 2, name(2), 1);
    int major = new ClusterCalls(cluster).version().get().major();
    assertThat(release).startsWith(String.valueOf(major));
    if (placement.means(major).get() == Means.GROUPS) {
      placement.addGroup("web", where, true, false);
      placement.updateGroup("web", where, true, true);
      ha.add(WEB.sid(), "started", 1, 1, Map.of("group", "web"));
      assertThat(placement.groups().get().get(0).priorities()).isEqualTo(where);
    } else {
      assertThat(placement.means(major).get()).isEqualTo(Means.RULES);
      ha.add(WEB.sid(), "started", 1, 1, Map.of("failback", false));
      placement.addNodeAffinity("web", List.of(WEB.sid()), where, true);
      placement.updateNodeAffinity("web", List.of(WEB.sid()), where, false);
      assertThat(placement.rules().get().get(0).priorities()).isEqualTo(where);
    }
    nodes.pass(Duration.ofSeconds(40));
    assertThat(ha.resources().get().get(0).requestedState()).isEqualTo("started");
    HaCalls.ManagerStatus status = ha.managerStatus().get();
    assertThat(status.manager().serviceStatus().get(WEB.sid()).state()).isEqualTo("started");
    assertThat(status.manager().masterNode()).isNotNull();
    assertThat(status.lrms()).containsKey("node1");
    assertThat(ha.current().get()).anyMatch(row -> WEB.sid().equals(row.sid()));
    ha.relocate(WEB.sid(), name(2));
    nodes.pass(Duration.ofSeconds(90));
    assertThat(new GuestCalls(cluster).guests().get().get(0).node()).isEqualTo(name(2));
  }

  private static void readHealth(SimulatedNodes nodes) {
    HealthCalls health = new HealthCalls(nodes.operator("node3"));
    HealthCalls.NodeStatus status = health.status(name(3)).get();
    assertThat(status.memory().total()).isPositive();
    assertThat(status.rootfs().share()).isBetween(0.0, 1.0);
    assertThat(health.services(name(3)).get())
        .anyMatch(service -> service.name().equals("corosync") && service.isRunning());
    assertThat(health.network(name(3)).get()).isNotEmpty();
    assertThat(health.time(name(3)).get()).isEqualTo(nodes.clock().instant());
    assertThat(health.certificates(name(3)).get())
        .anyMatch(
            certificate ->
                nodes.fingerprint("node3").equals(certificate.fingerprint())
                    && certificate.notAfter().isPresent());
  }

  @Test
  void aDeadNodeIsToldFromItsLivingPeers() {
    try (SimulatedNodes nodes = SimulatedNodes.start("9.1", false, Optional.empty())) {
      nodes.simulated().faults().network("node3", Faults.Direction.BOTH, false);
      nodes.pass(Duration.ofSeconds(10));
      assertThatThrownBy(() -> new ClusterCalls(nodes.operator("node3")).membership().get())
          .isInstanceOf(ProxmoxFailure.Unreachable.class);
      MembershipView view = new ClusterCalls(nodes.cluster("node3", "node1")).membership().get();
      assertThat(view.quorate()).isTrue();
      assertThat(view.members())
          .filteredOn(member -> !member.online())
          .extracting(ClusterCalls.Member::name)
          .containsExactly(name(3));
      Throwable behind =
          catchThrowable(() -> new StorageCalls(nodes.operator("node1")).disks(name(3)).get());
      assertThat(behind).isInstanceOf(ProxmoxFailure.Unreachable.class);
      assertThat(((ProxmoxFailure.Unreachable) behind).isBehind()).isTrue();
    }
  }

  @Test
  void noTokenMayFormAClusterAndTheFailureSaysWhoMay() {
    try (SimulatedNodes nodes = SimulatedNodes.start("9.1", true, Optional.empty())) {
      assertThatThrownBy(() -> new ClusterCalls(nodes.operator("node1")).create("x", Map.of(), 1))
          .isInstanceOf(ProxmoxFailure.Forbidden.class)
          .hasMessageContaining("root@pam");
    }
  }

  @Test
  void wrongCredentialsAreRejectedAndNotRepeated() {
    try (SimulatedNodes nodes = SimulatedNodes.start("8.3", true, Optional.empty())) {
      String fingerprint = nodes.fingerprint("node1");
      ProxmoxApi token =
          nodes.as(
              new Credentials.ApiToken("operator@pve!pveha", new Secret("wrong-secret")),
              "node1",
              fingerprint);
      assertThatThrownBy(() -> new ClusterCalls(token).membership().get())
          .isInstanceOf(ProxmoxFailure.LoginRejected.class)
          .hasMessageNotContaining("wrong-secret");
      ProxmoxApi root =
          nodes.as(
              new Credentials.Login("root@pam", new Secret("wrong-secret")), "node1", fingerprint);
      assertThatThrownBy(() -> new ClusterCalls(root).membership().get())
          .isInstanceOf(ProxmoxFailure.LoginRejected.class);
    }
  }

  @Test
  void aTicketIsRenewedInTimeOverManyHours() {
    try (SimulatedNodes nodes = SimulatedNodes.start("9.1", true, Optional.empty())) {
      ClusterCalls root = new ClusterCalls(nodes.root("node1"));
      for (int hour = 0; hour < 5; hour++) {
        assertThat(root.membership().get().self()).isEqualTo(name(1));
        nodes.pass(Duration.ofMinutes(61));
      }
    }
  }
}
