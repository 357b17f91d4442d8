package io.pveha.operator.polling;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.safety.Sight;
import io.pveha.proxmox.ClusterCalls.Member;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of a formed cluster.
 *
 * @param sight what may be concluded from what its lists lack
 */
public record ClusterFacts(FastFacts fast, SlowFacts slow, HealthFacts health, Sight sight) {

  /** The older of the two times of asking: facts prove no absence of what came later. */
  public Instant at() {
    return fast.oldest().isBefore(slow.at()) ? fast.oldest() : slow.at();
  }

  /** All members by name, and whether they are surely online. */
  public Map<NodeName, Boolean> members() {
    Map<NodeName, Boolean> members = new LinkedHashMap<>();
    for (Member member : fast.members()) {
      members.put(member.name(), fast.online(member.name()).orElse(false));
    }
    return members;
  }

  /** Names of all members. */
  public List<NodeName> names() {
    return List.copyOf(members().keySet());
  }
}
