package io.pveha.simulator.membership;

import io.pveha.simulator.config.ClusterConfig;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.Membership;
import io.pveha.simulator.machine.TaskRun;
import io.pveha.simulator.machine.WorldFailure;
import io.pveha.simulator.membership.ClusterMember.Link;
import io.pveha.simulator.membership.ClusterMember.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The worker of a node that joins. Steps: check oneself; log in to the peer; have oneself added
 * there; throw the own database away; wait, without limit, for quorum; take part; get a new
 * certificate and restart the web service.
 */
final class ClusterJoin {

  private static final Duration STEP = Duration.ofMillis(600);

  private final Machine node;
  private final TaskRun run;
  private final ClusterMember.Join request;
  private Machine peer;

  ClusterJoin(Machine node, TaskRun run, ClusterMember.Join request) {
    this.node = node;
    this.run = run;
    this.request = request;
  }

  void begin() {
    List<String> errors = obstacles();
    if (!errors.isEmpty()) {
      run.log("detected the following error(s):");
      errors.forEach(error -> run.log("* " + error));
      throw new WorldFailure.Refused("Check if node may join a cluster failed!");
    }
    request.links().values().forEach(node.part(ClusterMember.class)::checkLocal);
    String host = request.hostname();
    run.log("Establishing API connection with host '" + host + "'");
    peer = node.world().nodeAt(host);
    if (peer == null || peer == node || !node.world().canTalk(node.name(), peer.name())) {
      String why = peer == null ? "hostname verification failed" : "No route to host";
      throw new WorldFailure.Refused("500 Can't connect to " + host + ":8006 (" + why + ")");
    }
    if (!peer.fingerprint().equalsIgnoreCase(request.fingerprint())) {
      throw new WorldFailure.Refused(
          "500 Can't connect to "
              + host
              + ":8006 (fingerprint '"
              + peer.fingerprint()
              + "' not verified, abort!)");
    }
    if (!peer.rootPassword().equals(request.password())) {
      throw new WorldFailure.Refused("401 authentication failure");
    }
    run.log("Login succeeded.");
    run.log("check cluster join API version");
    if (request.links().isEmpty()) {
      run.log(
          "No cluster network links passed explicitly, fallback to local node IP '"
              + node.ip()
              + "'");
    }
    run.then(STEP, this::askPeer);
  }

  private List<String> obstacles() {
    List<String> errors = new ArrayList<>();
    if (node.isClustered()) {
      errors.add("authentication key '/etc/corosync/authkey' already exists");
      errors.add("cluster config '/etc/pve/corosync.conf' already exists");
      errors.add("corosync is already running, is this node already in a cluster?!");
    }
    boolean hasGuests = !node.config().section(Section.GUESTS).isEmpty();
    if (hasGuests) {
      errors.add("this host already contains virtual guests");
    }
    return request.force() && !hasGuests ? List.of() : errors;
  }

  private void askPeer() {
    run.log("Request addition of this node");
    if (!node.world().canTalk(node.name(), peer.name())) {
      throw new WorldFailure.Refused(
          "500 Can't connect to " + request.hostname() + ":8006 (No route to host)");
    }
    if (!peer.isClustered()) {
      throw new WorldFailure.Refused(
          "An error occurred on the cluster node: unable to add node, '/etc/pve/corosync.conf' does"
              + " not exist");
    }
    SortedMap<Integer, Link> links =
        node.part(ClusterMember.class).linksOrOwnAddress(request.links());
    checkAgainst(peer.part(ClusterMember.class).peers(), links);
    int id = request.nodeId().orElse(freeId(peer.part(ClusterMember.class).peers()));
    Map<String, String> entry = CorosyncEntry.of(id, request.votes().orElse(1), links);
    peer.write(
        Section.COROSYNC_NODES,
        config ->
            CorosyncEntry.nextVersion(config.with(Section.COROSYNC_NODES, node.name(), entry)));
    peer.log("pvedaemon", "root@pam", 6, "adding node " + node.name() + " to cluster");
    run.log("Join request OK, finishing setup locally");
    run.then(STEP, this::throwDatabaseAway);
  }

  private void checkAgainst(List<Peer> peers, SortedMap<Integer, Link> links) {
    for (Peer other : peers) {
      if (other.name().equals(node.name()) && !request.force()) {
        throw new WorldFailure.Refused(
            "An error occurred on the cluster node: can't add existing node '" + node.name() + "'");
      }
      if (!other.name().equals(node.name()) && !other.links().keySet().equals(links.keySet())) {
        throw new WorldFailure.Refused(
            "An error occurred on the cluster node: new node must have the same links as the"
                + " cluster: "
                + other.links().keySet());
      }
      boolean idTaken =
          request.nodeId().isPresent()
              && other.nodeId() == request.nodeId().getAsInt()
              && !other.name().equals(node.name());
      if (idTaken) {
        throw new WorldFailure.Refused(
            "An error occurred on the cluster node: Node ID already used by '"
                + other.name()
                + "'");
      }
    }
  }

  private static int freeId(List<Peer> peers) {
    return 1 + peers.stream().mapToInt(Peer::nodeId).max().orElse(0);
  }

  private void throwDatabaseAway() {
    run.log("stopping pve-cluster service");
    run.log(
        "backup old database to '/var/lib/pve-cluster/backup/config-"
            + node.clockNow().getEpochSecond()
            + ".sql.gz'");
    ClusterConfig empty = ClusterConfig.empty(peer.config().lineage());
    for (var entry : peer.config().section(Section.COROSYNC_NODES).entrySet()) {
      empty = empty.with(Section.COROSYNC_NODES, entry.getKey(), entry.getValue());
    }
    node.adopt(
        empty.with(
            Section.COROSYNC_TOTEM,
            "totem",
            peer.config().entry(Section.COROSYNC_TOTEM, "totem").orElseThrow()));
    node.dropConnections(Duration.ofMillis(1500));
    node.world().corosync().reconsider();
    run.log("waiting for quorum...");
    run.then(STEP, this::awaitQuorum);
  }

  private void awaitQuorum() {
    Membership membership = node.membership();
    if (!membership.quorate() || membership.members().size() < 2) {
      run.then(STEP, this::awaitQuorum);
      return;
    }
    run.log("OK");
    run.log("(re)generate node files");
    run.log("generate new node certificate");
    // Written first: a write that has to wait is tried again with the whole step.
    node.checkWritable(null);
    node.renewCertificate();
    node.write(null, node::withCertificate);
    run.log("merge authorized SSH keys");
    run.log("generated new node certificate, restart pveproxy and pvedaemon services");
    node.restartApi();
    run.then(
        STEP,
        () -> {
          run.log("successfully added node '" + node.name() + "' to cluster.");
          run.succeed();
        });
  }
}
