package io.pveha.operator.resource;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.guest.GuestFacts;
import io.pveha.core.guest.NodeChoice;
import io.pveha.core.guest.WantedGuest;
import io.pveha.operator.polling.ClusterWatcher;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.StorageCalls;
import java.util.stream.Collectors;

/** Looks whether the template of a container that is about to be made is where it is needed. */
final class Templates {

  private Templates() {}

  /** Asks only when a container is to be made, and goes without an answer if there is none. */
  static GuestFacts lookUp(WantedGuest guest, GuestFacts facts, ClusterWatcher watcher) {
    String template =
        guest
            .create()
            .flatMap(WantedGuest.Create::template)
            .filter(t -> t.contains(":"))
            .orElse("");
    if (facts.found().isPresent() || template.isEmpty()) {
      return facts;
    }
    NodeName node = NodeChoice.of(guest.create().orElseThrow(), facts).best();
    if (!facts.members().getOrDefault(node, false)
        || watcher.access().spec().node(node.value()).isEmpty()) {
      return facts;
    }
    try {
      return facts.withTemplates(
          new StorageCalls(watcher.access().node(node))
              .content(node, template.substring(0, template.indexOf(':'))).get().stream()
                  .map(StorageCalls.Volume::volid)
                  .collect(Collectors.toSet()));
    } catch (ProxmoxFailure notTold) {
      return facts;
    }
  }
}
