package io.pveha.proxmox;

import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.Upid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Guests: which there are, and what is done with one. */
public final class GuestCalls {

  private final ProxmoxApi api;

  public GuestCalls(ProxmoxApi api) {
    this.api = api;
  }

  /** All guests of the cluster that the caller may see. */
  public Query<List<Guest>> guests() {
    return Query.of(
        api, ApiRequest.get("/cluster/resources").with("type", "vm"), GuestCalls::guests);
  }

  private static List<Guest> guests(JsonNode answer) {
    Rows<GuestRow> rows = Answers.rows(answer, GuestRow.class, GuestRow::key);
    return new Rows<>(rows.stream().map(GuestRow::guest).toList(), Rows.problem(rows));
  }

  /** Its configuration, every value as text; a list of pairs, as raw LXC options, a line each. */
  public Query<Map<String, String>> config(NodeName node, GuestId guest) {
    return Query.of(api, ApiRequest.get(path(node, guest) + "/config"), GuestCalls::config);
  }

  private static Map<String, String> config(JsonNode answer) {
    Map<String, String> config = new TreeMap<>();
    Answers.object(answer)
        .properties()
        .forEach(option -> config.put(option.getKey(), text(option.getValue())));
    return config;
  }

  private static String text(JsonNode value) {
    if (!value.isArray()) {
      return value.asText("");
    }
    List<String> lines = new ArrayList<>();
    value.forEach(pair -> lines.add(pair.path(0).asText("") + " = " + pair.path(1).asText("")));
    return String.join("\n", lines);
  }

  /**
   * Makes a guest.
   *
   * @param options in Proxmox's words, without the vmid
   */
  public Upid create(NodeName node, GuestId guest, Map<String, ?> options) {
    ApiRequest request =
        ApiRequest.post(Paths.node(node) + "/" + guest.kind().apiName()).with("vmid", guest.vmid());
    for (Map.Entry<String, ?> option : options.entrySet()) {
      request = request.with(option.getKey(), option.getValue());
    }
    return ClusterCalls.upid(api.call(request));
  }

  /** Makes a guest by cloning another one of the same kind that is on {@code node}. */
  public Upid clone(
      NodeName node,
      GuestId source,
      int newVmid,
      String name,
      boolean full,
      Optional<String> storage,
      Optional<NodeName> target) {
    return ClusterCalls.upid(
        api.call(
            ApiRequest.post(path(node, source) + "/clone")
                .with("newid", newVmid)
                .with(source.kind() == GuestKind.CT ? "hostname" : "name", name)
                .with("full", full)
                .with("storage", full ? storage : Optional.empty())
                .with("target", target)));
  }

  /** Changes options at once; some of a running guest wait for its restart. */
  public void configure(NodeName node, GuestId guest, Map<String, ?> options) {
    ApiRequest request = ApiRequest.put(path(node, guest) + "/config");
    for (Map.Entry<String, ?> option : options.entrySet()) {
      request = request.with(option.getKey(), option.getValue());
    }
    api.call(request);
  }

  /** Starts it; a guest under HA is only asked for. */
  public Upid start(NodeName node, GuestId guest) {
    return ClusterCalls.upid(api.call(ApiRequest.post(path(node, guest) + "/status/start")));
  }

  /** Lets it shut itself down. */
  public Upid shutdown(NodeName node, GuestId guest) {
    return ClusterCalls.upid(api.call(ApiRequest.post(path(node, guest) + "/status/shutdown")));
  }

  /** Moves it: a running VM live, a running container with a restart. */
  public Upid migrate(NodeName node, GuestId guest, NodeName target, boolean running) {
    ApiRequest request = ApiRequest.post(path(node, guest) + "/migrate").with("target", target);
    String how = guest.kind() == GuestKind.CT ? "restart" : "online";
    return ClusterCalls.upid(api.call(running ? request.with(how, true) : request));
  }

  private static String path(NodeName node, GuestId guest) {
    return Paths.node(node) + "/" + guest.kind().apiName() + "/" + guest.vmid();
  }

  /**
   * A guest as the cluster lists it.
   *
   * @param node where its configuration is
   * @param status {@code running}, {@code stopped} or {@code unknown}
   * @param pool resource pool; empty when in none
   * @param cores as configured; 0 when not told
   * @param memoryBytes as configured; 0 when not told
   */
  public record Guest(
      GuestId id,
      NodeName node,
      Optional<String> name,
      String status,
      List<String> tags,
      Optional<String> pool,
      boolean template,
      Optional<String> lock,
      double cores,
      long memoryBytes) {

    public Guest {
      tags = List.copyOf(tags);
    }

    public boolean isRunning() {
      return "running".equals(status);
    }
  }

  private record GuestRow(
      String type,
      int vmid,
      String node,
      String name,
      String status,
      String tags,
      String pool,
      boolean template,
      String lock,
      double maxcpu,
      long maxmem) {

    private static final int HIGHEST_VMID = 999_999_999;

    /** Its number, if it is of a kind that we know, and somewhere. */
    String key() {
      boolean known =
          Answers.nodeName(node) != null
              && vmid > 0
              && vmid <= HIGHEST_VMID
              && Set.of("qemu", "lxc").contains(String.valueOf(type));
      return known ? Integer.toString(vmid) : null;
    }

    Guest guest() {
      return new Guest(
          new GuestId(GuestKind.ofApiName(type), vmid),
          new NodeName(node),
          Optional.ofNullable(name),
          status == null ? "unknown" : status,
          tags == null
              ? List.of()
              : Arrays.stream(tags.split("[;, ]+")).filter(tag -> !tag.isBlank()).toList(),
          Optional.ofNullable(pool),
          template,
          Optional.ofNullable(lock),
          maxcpu,
          maxmem);
    }
  }
}
