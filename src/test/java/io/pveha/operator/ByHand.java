package io.pveha.operator;

import io.pveha.core.cluster.NodeName;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.HaCalls;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.PlacementCalls;
import io.pveha.proxmox.PlacementCalls.Group;
import io.pveha.proxmox.PlacementCalls.Rule;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.Secret;
import io.pveha.proxmox.Trust;
import io.pveha.proxmox.rest.NodeConnection;
import io.pveha.simulator.api.SimulatorInfo;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An admin of the simulated cluster, who sees and does what the operator has no part in. */
record ByHand(VirtualStage stage) {

  ProxmoxApi on(String name) {
    SimulatorInfo.Node node =
        stage.info().nodes().stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
    String[] address = node.address().split(":");
    return new NodeConnection(
        new Endpoint(
            address[0],
            Integer.parseInt(address[1]),
            new Trust.Fingerprint(
                stage
                    .simulator
                    .world()
                    .read(() -> stage.simulator.world().node(name).fingerprint()))),
        new Credentials.Login("root@pam", new Secret(stage.info().rootPassword())),
        Patience.DEFAULT,
        stage.time);
  }

  HaCalls ha(String node) {
    return new HaCalls(on(node));
  }

  PlacementCalls placement(String node) {
    return new PlacementCalls(on(node));
  }

  /** Nodes that Proxmox allows ct:100 strictly, with priorities; empty when it may run anywhere. */
  Map<String, Integer> allowed(String asked, boolean groups) {
    Map<String, Integer> named = new TreeMap<>();
    nodes(asked, groups).forEach((node, priority) -> named.put(node.value(), priority));
    return named;
  }

  private Map<NodeName, Integer> nodes(String asked, boolean groups) {
    if (groups) {
      Optional<String> group =
          ha(asked).resources().get().stream()
              .filter(resource -> resource.sid().equals("ct:100"))
              .flatMap(resource -> Optional.ofNullable(resource.group()).stream())
              .findFirst();
      return placement(asked).groups().get().stream()
          .filter(g -> group.filter(g.group()::equals).isPresent() && g.restricted())
          .map(Group::priorities)
          .findFirst()
          .orElse(Map.of());
    }
    return placement(asked).rules().get().stream()
        .filter(rule -> rule.isNodeAffinity() && rule.sids().contains("ct:100") && rule.strict())
        .map(Rule::priorities)
        .findFirst()
        .orElse(Map.of());
  }
}
