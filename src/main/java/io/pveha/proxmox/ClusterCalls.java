package io.pveha.proxmox;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.Upid;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who is a member of the cluster, and how one becomes a member. */
public final class ClusterCalls {

  private static final String NOTES = "description";

  private final ProxmoxApi api;

  public ClusterCalls(ProxmoxApi api) {
    this.api = api;
  }

  /** Version of the node that answers. */
  public Query<Version> version() {
    return Query.of(api, ApiRequest.get("/version"), answer -> Answers.read(answer, Version.class));
  }

  /** Version of a node, through whichever member is asked. */
  public Query<Version> version(NodeName node) {
    return Query.of(
        api,
        ApiRequest.get(Paths.node(node) + "/version"),
        answer -> Answers.read(answer, Version.class));
  }

  /** The answering node's own view of the membership. */
  public Query<MembershipView> membership() {
    return Query.of(api, ApiRequest.get("/cluster/status"), ClusterCalls::view);
  }

  private static MembershipView view(JsonNode answer) {
    List<StatusRow> rows = Answers.allRows(answer, StatusRow.class, StatusRow::key);
    Optional<StatusRow> cluster = rows.stream().filter(row -> row.is("cluster")).findFirst();
    List<Member> members =
        rows.stream().filter(row -> row.is("node")).map(StatusRow::member).toList();
    requireWhole(cluster, members.size());
    Optional<Member> self = members.stream().filter(Member::local).findFirst();
    if (self.isEmpty()) {
      throw new ProxmoxFailure.NotProxmox("the cluster status does not say which node answers");
    }
    return new MembershipView(
        self.get().name(),
        cluster.map(StatusRow::name),
        cluster.map(StatusRow::quorate).orElse(true),
        members);
  }

  /**
   * Proxmox counts the nodes that it lists, and lists more than itself only in a cluster. Where
   * that does not hold, rows were lost or are no longer what they were, and no node has left for
   * that.
   */
  private static void requireWhole(Optional<StatusRow> cluster, int listed) {
    if (cluster.isEmpty() && listed > 1) {
      throw Answers.strange("it lists %d nodes and no cluster".formatted(listed));
    }
    cluster
        .map(StatusRow::nodes)
        .filter(counted -> counted != listed)
        .ifPresent(
            counted -> {
              throw Answers.strange("it counts %d nodes and lists %d".formatted(counted, listed));
            });
  }

  /** Every node that Proxmox lists, with its certificate's fingerprint where it says so. */
  public Query<List<NodeRow>> nodes() {
    return Query.of(
        api,
        ApiRequest.get("/nodes"),
        answer -> Answers.rows(answer, NodeRow.class, NodeRow::node));
  }

  /** What a node must know to join; asked of a member. */
  public Query<JoinInfo> joinInfo() {
    return Query.of(
        api,
        ApiRequest.get("/cluster/config/join"),
        answer -> Answers.read(answer, JoinInfo.class));
  }

  /** The external tie-breaker, as the answering node sees it; empty when there is none. */
  public Query<Optional<QuorumDevice>> quorumDevice() {
    return Query.of(
        api,
        ApiRequest.get("/cluster/config/qdevice"),
        answer ->
            answer.isNull() || answer.isObject() && answer.isEmpty()
                ? Optional.empty()
                : Optional.of(Answers.read(answer, QuorumDevice.class)));
  }

  /**
   * Makes the answering node a cluster of one. Only {@code root@pam} itself may; the node drops
   * connections for some seconds.
   *
   * @param links addresses by number of the link, as in {@code 10.0.0.11,priority=20}
   */
  public Upid create(String clusterName, Map<Integer, String> links, int votes) {
    ApiRequest request =
        withLinks(ApiRequest.post("/cluster/config").with("clustername", clusterName), links);
    return upid(api.call(request.with("votes", votes)));
  }

  /**
   * Makes the answering node a member of the cluster of {@code peer}. Only {@code root@pam} itself
   * may. The node loses its users, tokens, storage entries and certificate, and this connection.
   *
   * @param peer address of a member, reached from the joining node
   * @param fingerprint SHA-256 of the peer's certificate
   * @param password of {@code root@pam} on the peer
   */
  public Upid join(
      String peer, String fingerprint, Secret password, Map<Integer, String> links, int votes) {
    ApiRequest request =
        ApiRequest.post("/cluster/config/join")
            .with("hostname", peer)
            .with("fingerprint", fingerprint)
            .with("password", password)
            .with("votes", votes);
    return upid(api.call(withLinks(request, links)));
  }

  /** Options of the datacenter that are set, as Proxmox writes them. */
  public Query<Map<String, String>> options() {
    return Query.of(api, ApiRequest.get("/cluster/options"), ClusterCalls::options);
  }

  private static Map<String, String> options(JsonNode answer) {
    Map<String, String> options = new TreeMap<>();
    Answers.object(answer).properties().stream()
        .filter(option -> !option.getValue().isArray() && !option.getValue().isNull())
        .forEach(
            option ->
                options.put(
                    option.getKey(),
                    option.getValue().isValueNode()
                        ? option.getValue().asText()
                        : PropertyString.of(option.getValue()).toString()));
    return options;
  }

  /**
   * The notes of the datacenter, as text in Markdown; empty when the caller may not see them, for
   * which {@code Sys.Audit} is needed: where nothing was noted, Proxmox answers an empty text.
   */
  public Query<Optional<String>> notes() {
    return options().map(options -> Optional.ofNullable(options.get(NOTES)));
  }

  /** Writes the notes of the datacenter as a whole; at most 64 KiB. */
  public void setNotes(String text) {
    ApiRequest request = ApiRequest.put("/cluster/options");
    api.call(text.isEmpty() ? request.with("delete", NOTES) : request.with(NOTES, text));
  }

  /** Sets one option as a whole. */
  public void setOption(String name, String value) {
    api.call(ApiRequest.put("/cluster/options").with(name, value));
  }

  static Upid upid(JsonNode answer) {
    if (!Upid.isUpid(answer.asText())) {
      // It was taken, or else there would be no answer: what became of it must be looked up.
      throw new ProxmoxFailure.ConnectionLost("the answer names no task");
    }
    return new Upid(answer.asText());
  }

  private static ApiRequest withLinks(ApiRequest request, Map<Integer, String> links) {
    ApiRequest result = request;
    for (Map.Entry<Integer, String> link : new TreeMap<>(links).entrySet()) {
      result = result.with("link" + link.getKey(), link.getValue());
    }
    return result;
  }

  /**
   * A version of Proxmox VE.
   *
   * @param version in full, as in {@code 9.1.2}
   * @param release major and minor, as in {@code 9.1}
   */
  public record Version(String version, String release) {

    private static final Pattern MAJOR = Pattern.compile("([0-9]{1,4})(?![0-9])");

    /**
     * The same, if it is understood: what this version may be asked follows from it.
     *
     * @throws ProxmoxFailure.NotProxmox when it is not
     */
    public Version understood() {
      if (major() == 0) {
        throw Answers.strange("its version can't be read");
      }
      return this;
    }

    /** 8, 9, ...; 0 when the text is not understood. */
    public int major() {
      Matcher matcher = MAJOR.matcher(version == null ? "" : version);
      return matcher.lookingAt() ? Integer.parseInt(matcher.group(1)) : 0;
    }
  }

  /**
   * A node's own view.
   *
   * @param self the node that answers
   * @param clusterName empty when it is in no cluster
   * @param quorate whether it holds the quorum; true when it is in no cluster
   * @param members all that it lists, itself too
   */
  public record MembershipView(
      NodeName self, Optional<String> clusterName, boolean quorate, List<Member> members) {

    public MembershipView {
      members = List.copyOf(members);
    }
  }

  /**
   * A row of the membership list.
   *
   * @param online whether the node that answers counts it in
   * @param local whether it is the node that answers
   */
  public record Member(NodeName name, int nodeId, String ip, boolean online, boolean local) {}

  /**
   * A node as {@code /nodes} lists it.
   *
   * @param status {@code online}, {@code offline} or {@code unknown}
   * @param fingerprint SHA-256 of its certificate; null when unknown
   */
  public record NodeRow(
      String node,
      String status,
      @JsonProperty("ssl_fingerprint") String fingerprint,
      Long maxmem,
      Long mem) {}

  /**
   * How to join.
   *
   * @param nodelist the members
   */
  public record JoinInfo(
      List<JoinNode> nodelist, @JsonProperty("preferred_node") String preferredNode) {

    public JoinInfo {
      nodelist =
          nodelist == null
              ? List.of()
              : nodelist.stream()
                  .filter(node -> node != null && Answers.nodeName(node.name()) != null)
                  .toList();
    }

    public Optional<JoinNode> node(NodeName name) {
      return nodelist.stream().filter(node -> name.value().equals(node.name())).findFirst();
    }
  }

  /**
   * A member to join through.
   *
   * @param address where its API answers the other nodes
   * @param fingerprint SHA-256 of its certificate
   */
  public record JoinNode(
      String name,
      @JsonProperty("pve_addr") String address,
      @JsonProperty("pve_fp") String fingerprint,
      @JsonProperty("quorum_votes") Integer votes) {

    private static final Pattern SHA256 = Pattern.compile("([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}");
    private static final int MOST_VOTES = 1000;

    public JoinNode {
      fingerprint =
          fingerprint != null && SHA256.matcher(fingerprint).matches() ? fingerprint : null;
      votes = votes == null || votes < 0 || votes > MOST_VOTES ? null : votes;
    }
  }

  /** An external quorum device; fields are null where Proxmox leaves them out. */
  public record QuorumDevice(
      @JsonProperty("Algorithm") String algorithm,
      @JsonProperty("State") String state,
      @JsonProperty("QNetd host") String host,
      @JsonProperty("Model") String model) {}

  private record StatusRow(
      String id,
      String type,
      String name,
      int nodeid,
      String ip,
      boolean online,
      boolean local,
      boolean quorate,
      Integer nodes) {

    /**
     * What it is and its name; of other rows than those of cluster and nodes just what it is. Null
     * for a node whose id names another one: neither of the two names is to be believed.
     */
    String key() {
      if (is("node")) {
        String key = "node/" + name;
        return Answers.nodeName(name) == null || id != null && !id.equals(key) ? null : key;
      }
      return is("cluster") && name == null ? null : type;
    }

    boolean is(String wanted) {
      return wanted.equals(type);
    }

    Member member() {
      return new Member(new NodeName(name), nodeid, ip, online, local);
    }
  }
}
