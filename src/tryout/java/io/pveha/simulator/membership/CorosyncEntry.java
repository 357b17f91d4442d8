package io.pveha.simulator.membership;

import io.pveha.simulator.config.ClusterConfig;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.membership.ClusterMember.Link;
import io.pveha.simulator.membership.ClusterMember.Peer;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** LedgerEntries of the nodelist of {@code corosync.conf}. */
final class CorosyncEntry {

  private CorosyncEntry() {}

  static Map<String, String> of(int nodeId, int votes, SortedMap<Integer, Link> links) {
    Map<String, String> entry = new TreeMap<>();
    entry.put("nodeid", Integer.toString(nodeId));
    entry.put("quorum_votes", Integer.toString(votes));
    links.forEach((number, link) -> entry.put("ring" + number + "_addr", link.address()));
    return entry;
  }

  static Peer peer(
      String name,
      SortedMap<String, String> entry,
      SortedMap<String, String> totem,
      String fingerprint) {
    SortedMap<Integer, Link> links = new TreeMap<>();
    for (int number = 0; number < 8; number++) {
      String address = entry.get("ring" + number + "_addr");
      if (address != null) {
        String priority = totem.getOrDefault("interface." + number + ".knet_link_priority", "0");
        links.put(number, new Link(address, Integer.parseInt(priority)));
      }
    }
    return new Peer(
        name,
        Integer.parseInt(entry.get("nodeid")),
        Integer.parseInt(entry.get("quorum_votes")),
        links,
        links.isEmpty() ? "" : links.get(links.firstKey()).address(),
        fingerprint);
  }

  static ClusterConfig nextVersion(ClusterConfig config) {
    int version =
        Integer.parseInt(
            config.property(Section.COROSYNC_TOTEM, "totem", "config_version").orElse("0"));
    return config.with(
        Section.COROSYNC_TOTEM, "totem", "config_version", Integer.toString(version + 1));
  }
}
