package io.pveha.simulator.world;

import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.storage.VolumeData;
import io.pveha.simulator.world.Truth.Copy;
import io.pveha.simulator.world.Truth.GuestTruth;
import io.pveha.simulator.world.Truth.NodeTruth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Looks into all nodes at once. */
final class GroundTruth {

  private GroundTruth() {}

  static Truth of(World world) {
    SortedMap<Integer, GuestKind> kinds = new TreeMap<>();
    SortedMap<Integer, List<Copy>> copies = new TreeMap<>();
    for (NodeHost node : world.nodes()) {
      node.runner().flushAll();
      node.runner().vmids().forEach(vmid -> kinds.put(vmid, node.runner().kind(vmid)));
      node.config()
          .section(Section.GUESTS)
          .forEach(
              (vmid, entry) ->
                  kinds.put(Integer.parseInt(vmid), GuestKind.valueOf(entry.get("kind"))));
      for (Map.Entry<String, VolumeData> each : node.storage().everything().entrySet()) {
        VolumeData volume = each.getValue();
        kinds.putIfAbsent(
            volume.vmid(), volume.format().equals("subvol") ? GuestKind.CT : GuestKind.VM);
        copies
            .computeIfAbsent(volume.vmid(), key -> new ArrayList<>())
            .add(
                new Copy(
                    node.name(),
                    each.getKey(),
                    volume.lastWrite(),
                    volume.writes(),
                    List.copyOf(volume.snapshots().keySet())));
      }
    }
    List<GuestTruth> guests = new ArrayList<>();
    kinds.forEach(
        (vmid, kind) ->
            guests.add(
                new GuestTruth(
                    vmid,
                    kind,
                    names(world, node -> node.runner().isRunning(vmid)),
                    names(world, node -> node.runner().answers(vmid)),
                    copies.getOrDefault(vmid, List.of()))));
    List<NodeTruth> nodes = world.nodes().stream().map(GroundTruth::node).toList();
    return new Truth(
        world.now(),
        guests,
        nodes,
        world.ledger().violations(),
        world.ledger().destroyed(),
        world.ledger().removed(),
        world.ledger().syncs());
  }

  private static NodeTruth node(NodeHost node) {
    return new NodeTruth(
        node.name(),
        node.isPowered(),
        node.isUp(),
        node.world().network().isConnected(node.name()),
        node.bootedAt().orElse(null),
        node.certificate().generation(),
        node.ha().isMaster());
  }

  private static List<String> names(World world, java.util.function.Predicate<NodeHost> which) {
    return world.nodes().stream().filter(which).map(NodeHost::name).toList();
  }
}
