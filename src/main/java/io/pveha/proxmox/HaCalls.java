package io.pveha.proxmox;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.core.cluster.NodeName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;

/** HA resources, and how Proxmox's HA stack stands. */
public final class HaCalls {

  private final ProxmoxApi api;

  public HaCalls(ProxmoxApi api) {
    this.api = api;
  }

  /** All HA resources, as configured. */
  public Query<List<Resource>> resources() {
    return Query.of(
        api,
        ApiRequest.get("/cluster/ha/resources"),
        answer -> Answers.rows(answer, Resource.class, Resource::key));
  }

  /**
   * Puts a guest under HA.
   *
   * @param more options that only some versions know: {@code group} (8), {@code failback} (9)
   */
  public void add(String sid, String state, int maxRestart, int maxRelocate, Map<String, ?> more) {
    api.call(
        withAll(
            ApiRequest.post("/cluster/ha/resources")
                .with("sid", sid)
                .with("state", state)
                .with("max_restart", maxRestart)
                .with("max_relocate", maxRelocate),
            more));
  }

  /** Changes these options of an HA resource, and no others. */
  public void update(String sid, Map<String, ?> options) {
    api.call(withAll(ApiRequest.put("/cluster/ha/resources/" + Paths.segment(sid)), options));
  }

  /** Takes a guest out of HA; the guest goes on as it is. */
  public void remove(String sid) {
    api.call(ApiRequest.delete("/cluster/ha/resources/" + Paths.segment(sid)));
  }

  /** Asks HA to move a guest: live where it can. Only queues; watch the state. */
  public void migrate(String sid, NodeName target) {
    api.call(
        ApiRequest.post("/cluster/ha/resources/" + Paths.segment(sid) + "/migrate")
            .with("node", target));
  }

  /** Asks HA to stop a guest and start it elsewhere. Only queues; watch the state. */
  public void relocate(String sid, NodeName target) {
    api.call(
        ApiRequest.post("/cluster/ha/resources/" + Paths.segment(sid) + "/relocate")
            .with("node", target));
  }

  /** The documents that the HA daemons share. */
  public Query<ManagerStatus> managerStatus() {
    return Query.of(
        api, ApiRequest.get("/cluster/ha/status/manager_status"), HaCalls::managerStatus);
  }

  private static ManagerStatus managerStatus(JsonNode answer) {
    JsonNode manager = Answers.object(answer).path("manager_status");
    Manager head = manager.isObject() ? Answers.read(manager, Manager.class) : Manager.NONE;
    return new ManagerStatus(
        head.with(states(manager.path("node_status")), services(manager.path("service_status"))),
        Answers.entries(answer.path("lrm_status"), Lrm.class),
        answer.path("quorum").isObject()
            ? Answers.read(answer.path("quorum"), Quorum.class)
            : null);
  }

  private static Map<String, String> states(JsonNode nodes) {
    Map<String, String> states = new TreeMap<>();
    nodes
        .properties()
        .forEach(
            node -> {
              if (Answers.nodeName(node.getKey()) != null && node.getValue().isTextual()) {
                states.put(node.getKey(), node.getValue().asText());
              }
            });
    return states;
  }

  /** Those that say where they are and how they fare. */
  private static Map<String, Service> services(JsonNode services) {
    Map<String, Service> read = Answers.entries(services, Service.class);
    read.values().removeIf(service -> service.node() == null || service.state() == null);
    return read;
  }

  /** The lines of {@code ha-manager status}: what is shown to people. */
  public Query<List<StatusRow>> current() {
    return Query.of(
        api,
        ApiRequest.get("/cluster/ha/status/current"),
        answer -> Answers.rows(answer, StatusRow.class, StatusRow::key));
  }

  private static ApiRequest withAll(ApiRequest request, Map<String, ?> options) {
    ApiRequest result = request;
    for (Map.Entry<String, ?> option : options.entrySet()) {
      result = result.with(option.getKey(), option.getValue());
    }
    return result;
  }

  /**
   * An HA resource as configured; what is not set is null, and then Proxmox's default counts.
   *
   * @param group only on 8.x
   * @param failback only on 9.x
   * @param further properties that this version does not know
   */
  public record Resource(
      String sid,
      String type,
      String state,
      @JsonProperty("max_restart") Integer maxRestart,
      @JsonProperty("max_relocate") Integer maxRelocate,
      String group,
      Boolean failback,
      String comment,
      String digest,
      @JsonAnySetter Map<String, JsonNode> further)
      implements Configured {

    private static final Set<String> STATES =
        Set.of("started", "stopped", "enabled", "disabled", "ignored");

    public Resource {
      further = Configured.set(further);
    }

    @Override
    public SortedSet<String> unknownProperties() {
      SortedSet<String> unknown = Configured.names(further);
      if (state != null && !STATES.contains(state)) {
        unknown.add("state");
      }
      return unknown;
    }

    private String key() {
      return sid != null && sid.matches("[a-z]+:[1-9][0-9]{0,8}") ? sid : null;
    }

    /** The state asked for, in today's words. */
    public String requestedState() {
      return state == null || state.equals("enabled") ? "started" : state;
    }

    public int maxRestartOrDefault() {
      return maxRestart == null ? 1 : maxRestart;
    }

    public int maxRelocateOrDefault() {
      return maxRelocate == null ? 1 : maxRelocate;
    }

    public boolean failbackOrDefault() {
      return failback == null || failback;
    }
  }

  /** What the master wrote last, and what each LRM wrote last. */
  public record ManagerStatus(
      @JsonProperty("manager_status") Manager manager,
      @JsonProperty("lrm_status") Map<String, Lrm> lrms,
      Quorum quorum) {

    public ManagerStatus {
      manager = manager == null ? Manager.NONE : manager;
      Map<String, Lrm> named = new TreeMap<>();
      if (lrms != null) {
        lrms.forEach(
            (node, lrm) -> {
              if (lrm != null && Answers.nodeName(node) != null) {
                named.put(node, lrm);
              }
            });
      }
      lrms = Map.copyOf(named);
    }
  }

  /**
   * The master's document.
   *
   * @param masterNode null before there was a master
   * @param timestamp when it was written, seconds since 1970
   * @param nodeStatus state of each node
   * @param serviceStatus each service by its sid
   */
  public record Manager(
      @JsonProperty("master_node") String masterNode,
      long timestamp,
      @JsonIgnore Map<String, String> nodeStatus,
      @JsonIgnore Map<String, Service> serviceStatus) {

    private static final Manager NONE = new Manager(null, 0, null, null);

    public Manager {
      nodeStatus = nodeStatus == null ? Map.of() : new TreeMap<>(nodeStatus);
      serviceStatus = serviceStatus == null ? Map.of() : new TreeMap<>(serviceStatus);
      masterNode = Answers.nodeName(masterNode);
    }

    private Manager with(Map<String, String> nodes, Map<String, Service> services) {
      return new Manager(masterNode, timestamp, nodes, services);
    }
  }

  /**
   * A service.
   *
   * @param state the manager's state for it
   * @param target where it goes; null when it goes nowhere
   * @param running whether its start was confirmed
   */
  public record Service(
      String state,
      String node,
      String target,
      boolean running,
      @JsonProperty("failed_nodes") List<String> failedNodes,
      @JsonProperty("maintenance_node") String maintenanceNode) {

    public Service {
      node = Answers.nodeName(node);
      target = Answers.nodeName(target);
      maintenanceNode = Answers.nodeName(maintenanceNode);
      failedNodes =
          failedNodes == null
              ? List.of()
              : failedNodes.stream().filter(name -> Answers.nodeName(name) != null).toList();
    }
  }

  /** An LRM's document. */
  public record Lrm(String state, String mode, long timestamp) {}

  /** Whether the node that answers holds the quorum. */
  public record Quorum(boolean quorate) {}

  /** A line of the status for people; which fields there are depends on {@code type}. */
  public record StatusRow(
      String id,
      String type,
      String node,
      String status,
      String sid,
      String state,
      @JsonProperty("crm_state") String crmState,
      @JsonProperty("request_state") String requestState,
      Long timestamp,
      @JsonProperty("armed-state") String armedState,
      Boolean quorate) {

    private String key() {
      return String.join("/", String.valueOf(type), String.valueOf(id), String.valueOf(node));
    }
  }
}
