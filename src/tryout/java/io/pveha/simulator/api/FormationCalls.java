package io.pveha.simulator.api;

import io.pveha.simulator.api.declare.PropertyString;
import io.pveha.simulator.membership.ClusterMember;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Creating, joining and describing the cluster. */
final class FormationCalls {

  private FormationCalls() {}

  static void register(CallTable table) {
    table.on(
        "GET /cluster/config",
        call -> Row.index("name", "nodes", "totem", "join", "qdevice", "apiversion"));
    table.on("POST /cluster/config", FormationCalls::create);
    table.on("GET /cluster/config/apiversion", call -> 1);
    table.on("GET /cluster/config/join", FormationCalls::joinInfo);
    table.on("POST /cluster/config/join", FormationCalls::join);
    table.on("GET /cluster/config/nodes", FormationCalls::nodes);
    table.on("DELETE /cluster/config/nodes/{node}", FormationCalls::remove);
    table.on("GET /cluster/config/totem", FormationCalls::totem);
    table.on("GET /cluster/config/qdevice", call -> call.host().cluster().qdevice());
  }

  private static Object create(Call call) {
    Parameters params = call.params();
    return call.host()
        .cluster()
        .create(
            call.user(),
            new ClusterMember.Create(
                params.text("clustername"),
                links(params),
                params.maybeNumber("nodeid"),
                params.maybeNumber("votes"),
                params.maybeNumber("token-coefficient")))
        .toString();
  }

  private static Object join(Call call) {
    Parameters params = call.params();
    return call.host()
        .cluster()
        .join(
            call.user(),
            new ClusterMember.Join(
                params.text("hostname"),
                params.text("fingerprint"),
                params.text("password"),
                links(params),
                params.maybeNumber("nodeid"),
                params.maybeNumber("votes"),
                params.flag("force")))
        .toString();
  }

  private static SortedMap<Integer, ClusterMember.Link> links(Parameters params) {
    SortedMap<Integer, ClusterMember.Link> links = new TreeMap<>();
    params
        .all()
        .forEach(
            (name, value) -> {
              if (name.matches("link[0-7]")) {
                Map<String, String> parts = PropertyString.read("address", value);
                int priority = Integer.parseInt(parts.getOrDefault("priority", "0"));
                ClusterMember.Link link = new ClusterMember.Link(parts.get("address"), priority);
                links.put(Integer.valueOf(name.substring(4)), link);
              }
            });
    return links;
  }

  private static Object joinInfo(Call call) {
    ClusterMember.JoinInfo info = call.host().cluster().joinInfo(call.params().maybe("node"));
    // A node that is just joining has no certificate in the cluster yet; the answer requires one.
    List<ClusterMember.Peer> certified =
        info.nodes().stream().filter(peer -> peer.fingerprint() != null).toList();
    return Row.of("nodelist", Row.each(certified, FormationCalls::peer))
        .put("preferred_node", info.preferredNode())
        .put("totem", nested(info.totem()))
        .put("config_digest", info.digest())
        .done();
  }

  private static Row peer(ClusterMember.Peer peer) {
    Row row =
        Row.of("name", peer.name())
            .put("nodeid", Integer.toString(peer.nodeId()))
            .put("quorum_votes", Integer.toString(peer.votes()))
            .put("pve_addr", peer.address())
            .put("pve_fp", peer.fingerprint());
    addresses(row, peer);
    return row;
  }

  private static void addresses(Row row, ClusterMember.Peer peer) {
    peer.links().forEach((number, link) -> row.put("ring" + number + "_addr", link.address()));
  }

  private static Object nodes(Call call) {
    return Row.each(
        call.host().cluster().peers(),
        peer -> {
          Row row =
              Row.of("node", peer.name())
                  .put("name", peer.name())
                  .put("nodeid", Integer.toString(peer.nodeId()))
                  .put("quorum_votes", Integer.toString(peer.votes()));
          addresses(row, peer);
          return row;
        });
  }

  private static Object totem(Call call) {
    return nested(call.host().cluster().totem());
  }

  /** {@code interface.0.knet_link_priority} becomes an object in an object. */
  private static Map<String, Object> nested(SortedMap<String, String> totem) {
    Map<String, Object> nested = new TreeMap<>();
    totem.forEach(
        (key, value) -> {
          Map<String, Object> at = nested;
          String[] path = key.split("\\.");
          for (int level = 0; level < path.length - 1; level++) {
            Object inner = at.computeIfAbsent(path[level], name -> new TreeMap<String, Object>());
            @SuppressWarnings("unchecked")
            Map<String, Object> next = (Map<String, Object>) inner;
            at = next;
          }
          at.put(path[path.length - 1], value);
        });
    return nested;
  }

  private static Object remove(Call call) {
    call.host().cluster().remove(call.params().text("node"));
    return null;
  }
}
