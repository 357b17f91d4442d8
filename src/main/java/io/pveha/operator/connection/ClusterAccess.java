package io.pveha.operator.connection;

import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.safety.WriteGrant;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.Trust;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connections to the nodes of one cluster, kept while nothing about them changes. Safe for use by
 * several threads.
 */
public final class ClusterAccess {

  private record Key(Endpoint endpoint, boolean root) {}

  private final ProxmoxClusterSpec spec;
  private final ClusterLogin login;
  private final Connector connector;
  private final Map<Key, ProxmoxApi> open = new ConcurrentHashMap<>();
  private final Map<String, String> learned;

  /**
   * Access as spec and Secrets allow.
   *
   * @param learned fingerprints by node that members told, which replace those of the spec
   */
  public ClusterAccess(
      ProxmoxClusterSpec spec,
      ClusterLogin login,
      Map<String, String> learned,
      Connector connector) {
    this.spec = spec;
    this.login = login;
    this.learned = new ConcurrentHashMap<>(learned);
    this.connector = connector;
  }

  /** Whether access that is recreated from these would be the same. */
  public boolean isFor(ProxmoxClusterSpec other, ClusterLogin otherLogin) {
    return spec.nodes().equals(other.nodes())
        && spec.clusterName().equals(other.clusterName())
        && spec.formation() == other.formation()
        && login.equals(otherLogin);
  }

  public ProxmoxClusterSpec spec() {
    return spec;
  }

  public ClusterLogin login() {
    return login;
  }

  /** A member told the certificate of a node. */
  public void learn(NodeName node, String fingerprint) {
    learned.put(node.value(), fingerprint);
  }

  /** The certificate that members told of a node. */
  public Optional<String> learned(NodeName node) {
    return Optional.ofNullable(learned.get(node.value()));
  }

  /** A node with the everyday token, to be asked only. */
  public ProxmoxApi node(NodeName name) {
    return new GrantedApi(connection(name, false), Optional.empty());
  }

  /** The same for writes. */
  public ProxmoxApi node(NodeName name, WriteGrant grant) {
    return new GrantedApi(connection(name, false), Optional.of(grant));
  }

  /**
   * A node as root, for forming, to be asked only.
   *
   * @throws java.util.NoSuchElementException when the spec names no such login
   */
  public ProxmoxApi root(NodeName name) {
    return new GrantedApi(connection(name, true), Optional.empty());
  }

  /**
   * The same for writes.
   *
   * @throws java.util.NoSuchElementException when the spec names no such login
   */
  public ProxmoxApi root(NodeName name, WriteGrant grant) {
    return new GrantedApi(connection(name, true), Optional.of(grant));
  }

  private ProxmoxApi connection(NodeName name, boolean root) {
    ProxmoxClusterSpec.Node node = spec.node(name.value()).orElseThrow();
    Credentials credentials = root ? login.root().orElseThrow() : login.token().orElseThrow();
    List<ProxmoxApi> ways =
        trusts(node).stream()
            .map(trust -> new Endpoint(node.host(), node.port(), trust))
            .map(
                endpoint ->
                    open.computeIfAbsent(
                        new Key(endpoint, root), key -> connector.connect(endpoint, credentials)))
            .toList();
    return ways.size() == 1 ? ways.get(0) : new EitherCertificate(ways.get(0), ways.get(1));
  }

  /** The learned certificate before that of the spec: a node changes it once, when it joins. */
  private List<Trust> trusts(ProxmoxClusterSpec.Node node) {
    Optional<Trust> pinned = Optional.ofNullable(node.tlsFingerprint()).map(Trust.Fingerprint::new);
    Optional<Trust> told =
        Optional.ofNullable(learned.get(node.name())).map(Trust.Fingerprint::new);
    if (pinned.isEmpty()) {
      return List.of(login.authority());
    }
    return told.filter(trust -> !trust.equals(pinned.get()))
        .map(trust -> List.of(trust, pinned.get()))
        .orElse(List.of(pinned.get()));
  }
}
