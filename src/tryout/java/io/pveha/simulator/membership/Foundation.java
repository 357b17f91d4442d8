package io.pveha.simulator.membership;

import io.pveha.simulator.config.ClusterConfig;
import io.pveha.simulator.config.Section;
import io.pveha.simulator.machine.Installation;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.WorldSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The configuration with which nodes begin: freshly installed, or members of one cluster. */
public final class Foundation {

  private Foundation() {}

  public static void lay(Installation world) {
    WorldSpec spec = world.spec();
    if (spec.clusterName() == null) {
      world.nodes().forEach(node -> node.adopt(installed(node)));
      return;
    }
    Machine first = world.nodes().get(0);
    ClusterConfig config = installed(first);
    int nodeId = 0;
    for (Machine node : world.nodes()) {
      Map<String, String> entry = new LinkedHashMap<>();
      entry.put("nodeid", Integer.toString(++nodeId));
      entry.put("quorum_votes", Integer.toString(node.spec().votes()));
      List<String> addresses = node.spec().addresses();
      for (int link = 0; link < addresses.size(); link++) {
        entry.put("ring" + link + "_addr", addresses.get(link));
      }
      config = config.with(Section.COROSYNC_NODES, node.name(), entry);
    }
    int links = first.spec().addresses().size();
    config =
        config.with(
            Section.COROSYNC_TOTEM, "totem", totem(spec.clusterName(), spec.nodes().size(), links));
    for (Machine node : world.nodes()) {
      node.adopt(config);
    }
    for (Machine node : world.nodes()) {
      node.renewCertificate();
      config = node.withCertificate(config);
    }
    for (Machine node : world.nodes()) {
      node.adopt(config);
    }
  }

  /** A node fresh from the installer. */
  static ClusterConfig installed(Machine node) {
    String lineage =
        Integer.toHexString((node.name() + "/" + node.world().spec().seed()).hashCode());
    ClusterConfig config = ClusterConfig.empty("pve-" + node.name() + "-" + lineage);
    config =
        config
            .with(
                Section.STORAGE,
                "local",
                Map.of("type", "dir", "path", "/var/lib/vz", "content", "iso,vztmpl,backup"))
            .with(Section.USERS, "root@pam", Map.of("enable", "1", "email", "root@example.org"))
            .with(Section.DATACENTER, "datacenter", Map.of("keyboard", "en-us"));
    return node.withCertificate(config);
  }

  static Map<String, String> totem(String clusterName, int configVersion, int links) {
    Map<String, String> totem = new LinkedHashMap<>();
    totem.put("cluster_name", clusterName);
    totem.put("config_version", Integer.toString(configVersion));
    totem.put("ip_version", "ipv4-6");
    totem.put("link_mode", "passive");
    totem.put("secauth", "on");
    totem.put("version", "2");
    for (int link = 0; link < links; link++) {
      totem.put("interface." + link + ".linknumber", Integer.toString(link));
    }
    return totem;
  }
}
