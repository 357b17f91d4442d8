package io.pveha.operator.cluster;

import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.cluster.Upid;
import io.pveha.core.formation.FormationStep;
import io.pveha.core.formation.FormationStep.CreateCluster;
import io.pveha.core.formation.FormationStep.JoinNode;
import io.pveha.core.formation.WantedCluster.Link;
import io.pveha.core.safety.ClusterNotes;
import io.pveha.core.safety.WriteGrant;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.operator.host.OrderAnnotation;
import io.pveha.operator.ownermark.OwnerMarkMessages;
import io.pveha.operator.steps.StepActions;
import io.pveha.proxmox.ClusterCalls;
import io.pveha.proxmox.ProxmoxFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks nodes to create and join, as root, since Proxmox lets no token do so. */
final class FormationActions implements StepActions<FormationStep> {

  private final ClusterAccess access;
  private final ProxmoxCluster cluster;
  private final WriteGrant grant;

  FormationActions(ClusterAccess access, ProxmoxCluster cluster, WriteGrant grant) {
    this.access = access;
    this.cluster = cluster;
    this.grant = grant;
  }

  @Override
  public Optional<Upid> start(FormationStep step) {
    return Optional.of(
        step.accept(
            new FormationStep.Visitor<Upid>() {
              @Override
              public Upid create(CreateCluster create) {
                refuseAnothersMark(create.first());
                return new ClusterCalls(access.root(create.first(), grant))
                    .create(create.name(), links(create.links()), create.votes());
              }

              @Override
              public Upid join(JoinNode join) {
                return FormationActions.this.join(join);
              }
            }));
  }

  /** Nodes that another operator owns are left alone. */
  private void refuseAnothersMark(NodeName node) {
    String notes = new ClusterCalls(access.root(node)).notes().get().orElse("");
    Optional<String> takeOver = new OrderAnnotation(ApiNames.TAKE_OVER).value(cluster);
    new ClusterNotes(notes)
        .marks().stream()
            .filter(mark -> !mark.uid().equals(cluster.getMetadata().getUid()))
            .filter(mark -> takeOver.map(String::strip).filter(mark.id()::equals).isEmpty())
            .findFirst()
            .ifPresent(
                mark -> {
                  throw new ProxmoxFailure.Refused(
                      OwnerMarkMessages.takenNode(cluster, node, mark));
                });
  }

  private Upid join(JoinNode join) {
    refuseAnothersMark(join.peer());
    ClusterCalls.JoinNode peer = peer(join.peer());
    return new ClusterCalls(access.root(join.joining(), grant))
        .join(
            peer.address(),
            peer.fingerprint(),
            access.login().root().orElseThrow().password(),
            links(join.links()),
            join.votes());
  }

  /** What the member says of itself; over a connection whose certificate is trusted. */
  private ClusterCalls.JoinNode peer(NodeName name) {
    return new ClusterCalls(access.root(name))
        .joinInfo()
        .get()
        .node(name)
        .filter(node -> node.address() != null && node.fingerprint() != null)
        .orElseThrow(
            () -> new ProxmoxFailure.Refused(name + " does not tell yet how to join through it"));
  }

  private static Map<Integer, String> links(List<Link> links) {
    Map<Integer, String> numbered = new TreeMap<>();
    for (int i = 0; i < links.size(); i++) {
      Link link = links.get(i);
      numbered.put(
          i,
          link.priority().isPresent()
              ? link.address() + ",priority=" + link.priority().getAsInt()
              : link.address());
    }
    return numbered;
  }
}
