package io.pveha.operator.polling;

import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.Formation;
import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.formation.NodeView;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.operator.connection.FailureWords;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.ClusterCalls;
import io.pveha.proxmox.ClusterCalls.MembershipView;
import io.pveha.proxmox.GuestCalls;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;

/** Asks one node for itself while the cluster is being formed. */
final class FormationLook {

  private final ClusterAccess access;
  private final boolean asRoot;

  FormationLook(ClusterAccess access) {
    this.access = access;
    this.asRoot =
        access.spec().formation() == Formation.CREATE && access.login().root().isPresent();
  }

  /** Never throws for what a node does or says. */
  NodeView at(NodeName name) {
    int index = index(name);
    boolean withToken = !asRoot;
    try {
      ProxmoxApi api = asRoot ? access.root(name) : access.node(name);
      MembershipView view = new ClusterCalls(api).membership().get();
      boolean bare = view.clusterName().isEmpty();
      int guests =
          bare
              ? (int)
                  new GuestCalls(api)
                      .guests().get().stream()
                          .filter(guest -> guest.node().equals(view.self()))
                          .count()
              : 0;
      if (!bare && view.quorate() && isOurs(view)) {
        learnFrom(api);
      }
      if (bare && asRoot && index == 0) {
        withToken = true;
        // The first node's users and tokens become those of the cluster.
        new ClusterCalls(access.node(name)).membership().get();
      }
      return NodeView.answered(
          new NodeView.Answer(
              view.self(),
              view.clusterName(),
              view.quorate(),
              view.members().stream()
                  .map(member -> new NodeView.Member(member.name(), member.online()))
                  .toList(),
              guests,
              bare && isForming(api, view.self())));
    } catch (ProxmoxFailure failure) {
      ConditionReason reason = FailureWords.reason(failure);
      return NodeView.unreachable(
          reason, FailureWords.about(failure, FailureWords.field(failure, index, withToken)));
    }
  }

  /** Whether a task that creates or joins a cluster runs on the node. */
  private static boolean isForming(ProxmoxApi api, NodeName node) {
    JsonNode tasks = api.call(ApiRequest.get("/nodes/" + node + "/tasks").with("source", "active"));
    for (JsonNode task : tasks) {
      String type = task.path("type").asText();
      if (type.equals("clustercreate") || type.equals("clusterjoin")) {
        return !task.has("endtime");
      }
    }
    return false;
  }

  private boolean isOurs(MembershipView view) {
    return view.clusterName().filter(access.spec().clusterName()::equals).isPresent()
        && access.spec().node(view.self().value()).isPresent();
  }

  private void learnFrom(ProxmoxApi member) {
    new ClusterCalls(member)
        .joinInfo()
        .get()
        .nodelist()
        .forEach(
            node -> {
              if (node.fingerprint() != null) {
                access.learn(new NodeName(node.name()), node.fingerprint());
              }
            });
  }

  private int index(NodeName name) {
    ProxmoxClusterSpec spec = access.spec();
    return spec.nodes().indexOf(spec.node(name.value()).orElseThrow());
  }
}
