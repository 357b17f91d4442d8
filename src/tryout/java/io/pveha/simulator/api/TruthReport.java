package io.pveha.simulator.api;

import io.pveha.simulator.machine.Ledger;
import io.pveha.simulator.machine.Membership;
import io.pveha.simulator.world.NodeHost;
import io.pveha.simulator.world.Truth;
import io.pveha.simulator.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ground truth, and the nodes' own views, as JSON. */
final class TruthReport {

  private TruthReport() {}

  static Map<String, Object> of(Truth truth, Map<Integer, Integer> ports) {
    return Row.of("at", truth.at().toString())
        .put("nodes", Row.each(truth.nodes(), TruthReport::node))
        .put("guests", Row.each(truth.guests(), guest -> guest(guest, ports)))
        .put("violations", truth.violations())
        .put("destroyed", Row.each(truth.destroyed(), TruthReport::lost))
        .put("removed", Row.each(truth.removed(), TruthReport::lost))
        .put(
            "syncs",
            Row.each(
                truth.syncs(),
                each ->
                    Row.of("job", each.job())
                        .put("source", each.source())
                        .put("target", each.target())
                        .put("full", each.full())
                        .put("incremental", each.incremental())))
        .done();
  }

  private static Row lost(Ledger.Destroyed lost) {
    return Row.of("at", lost.at().toString())
        .put("node", lost.node())
        .put("what", lost.what())
        .put("name", lost.name())
        .put("by", lost.by());
  }

  private static Row node(Truth.NodeTruth node) {
    return Row.of("name", node.name())
        .put("powered", node.powered())
        .put("booted", node.booted())
        .put("network", node.network())
        .put("bootedAt", node.bootedAt() == null ? null : node.bootedAt().toString())
        .put("certificateGeneration", node.certificateGeneration())
        .put("haMaster", node.haMaster());
  }

  private static Row guest(Truth.GuestTruth guest, Map<Integer, Integer> ports) {
    Row row =
        Row.of("vmid", guest.vmid())
            .put("kind", guest.kind().api())
            .put("runningOn", guest.runningOn())
            .put("answersOn", guest.answersOn());
    Integer port = ports.get(guest.vmid());
    if (port != null) {
      row.put("url", "http://127.0.0.1:" + port);
    }
    return row.put("copies", Row.each(guest.copies(), TruthReport::copy));
  }

  private static Row copy(Truth.Copy copy) {
    return Row.of("node", copy.node())
        .put("volume", copy.volume())
        .put("lastWrite", copy.lastWrite())
        .put(
            "history",
            Row.each(
                copy.history(),
                writes ->
                    Row.of("run", writes.run())
                        .put("node", writes.node())
                        .put("first", writes.first())
                        .put("last", writes.last())))
        .put("snapshots", copy.snapshots());
  }

  /** What each node believes. */
  static Map<String, Object> views(World world) {
    List<Object> nodes = new ArrayList<>();
    for (NodeHost node : world.nodes()) {
      Membership membership = node.membership();
      Map<String, Object> view = new LinkedHashMap<>();
      view.put("name", node.name());
      view.put("door", node.frontDoor().name());
      view.put("clustered", membership.clustered());
      view.put("members", membership.members());
      view.put("quorate", membership.quorate());
      view.put("votes", membership.votes());
      view.put("expectedVotes", membership.expectedVotes());
      view.put("fingerprint", node.fingerprint());
      view.put("ha", node.ha().current());
      nodes.add(view);
    }
    return Row.of("at", world.now().toString()).put("nodes", nodes).done();
  }
}
