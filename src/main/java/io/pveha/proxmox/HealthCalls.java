package io.pveha.proxmox;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.pveha.core.cluster.NodeName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How a node fares: load, daemons, network, clock, certificates. */
public final class HealthCalls {

  private final ProxmoxApi api;

  public HealthCalls(ProxmoxApi api) {
    this.api = api;
  }

  /** Load, memory and root file system. */
  public Query<NodeStatus> status(NodeName node) {
    return Query.of(
        api,
        ApiRequest.get(path(node, "status")),
        answer -> Answers.read(answer, NodeStatus.class));
  }

  /** Daemons of Proxmox, and whether they run. */
  public Query<List<Service>> services(NodeName node) {
    return Query.of(
        api,
        ApiRequest.get(path(node, "services")),
        answer -> Answers.rows(answer, Service.class, Service::service));
  }

  /** Network interfaces, bonds and bridges as configured, and whether they are up. */
  public Query<List<Link>> network(NodeName node) {
    return Query.of(
        api,
        ApiRequest.get(path(node, "network")),
        answer -> Answers.rows(answer, Link.class, Link::iface));
  }

  /** The node's clock. */
  public Query<Instant> time(NodeName node) {
    return Query.of(
        api,
        ApiRequest.get(path(node, "time")),
        answer ->
            Answers.time(answer.path("time").asLong(0))
                .orElseThrow(() -> new ProxmoxFailure.NotProxmox("the answer tells no time")));
  }

  /** Certificates that its API may show. */
  public Query<List<Certificate>> certificates(NodeName node) {
    return Query.of(
        api,
        ApiRequest.get(path(node, "certificates/info")),
        answer -> Answers.rows(answer, Certificate.class, Certificate::filename));
  }

  private static String path(NodeName node, String what) {
    return Paths.node(node) + "/" + what;
  }

  /**
   * Status of a node.
   *
   * @param uptime in seconds
   * @param cpu share of all processors that is busy, 0 to 1
   * @param pveVersion as in {@code pve-manager/9.1.1/...}
   */
  public record NodeStatus(
      long uptime,
      double cpu,
      @JsonProperty("pveversion") String pveVersion,
      Usage memory,
      Usage swap,
      Usage rootfs) {

    public NodeStatus {
      memory = memory == null ? Usage.NONE : memory;
      swap = swap == null ? Usage.NONE : swap;
      rootfs = rootfs == null ? Usage.NONE : rootfs;
    }
  }

  /** How much of something is used, in bytes. */
  public record Usage(long total, long used) {
    static final Usage NONE = new Usage(0, 0);

    /** 0 to 1; 0 when there is none. */
    public double share() {
      return total > 0 ? (double) used / total : 0;
    }
  }

  /**
   * A daemon.
   *
   * @param state of its process, as in {@code running}, {@code dead}
   * @param activeState in systemd's words, as in {@code active}, {@code failed}; null when not told
   * @param unitState as in {@code enabled}, {@code masked}, {@code not-found}; null when not told
   */
  public record Service(
      String service,
      String name,
      String state,
      @JsonProperty("active-state") String activeState,
      @JsonProperty("unit-state") String unitState) {

    public boolean isRunning() {
      return "running".equals(state);
    }

    /** Whether it is meant to run here at all. */
    public boolean isWanted() {
      return !("masked".equals(unitState)
          || "not-found".equals(unitState)
          || "disabled".equals(unitState));
    }
  }

  /**
   * A network interface.
   *
   * @param active whether it is up
   * @param autostart whether it is to be up
   */
  public record Link(String iface, String type, boolean active, boolean autostart, String slaves) {}

  /**
   * A certificate.
   *
   * @param fingerprint SHA-256
   * @param notAfterSeconds end of its validity in seconds since 1970; 0 when not told
   */
  public record Certificate(
      String filename, String fingerprint, @JsonProperty("notafter") long notAfterSeconds) {

    public Optional<Instant> notAfter() {
      return Answers.time(notAfterSeconds);
    }
  }
}
