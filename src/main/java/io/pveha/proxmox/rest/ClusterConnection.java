package io.pveha.proxmox.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster through any of its members. A member that can't be reached is left alone for a while
 * and the next one is asked; a write whose fate is unknown is never sent twice.
 */
public final class ClusterConnection implements ProxmoxApi {

  private static final Duration REST = Duration.ofSeconds(20);

  private final List<ProxmoxApi> members;
  private final Clock clock;
  private final Map<ProxmoxApi, Instant> unreachableSince = new HashMap<>();

  /**
   * A connection to these members, tried in this order.
   *
   * @param members at least one
   */
  public ClusterConnection(List<? extends ProxmoxApi> members, Clock clock) {
    if (members.isEmpty()) {
      throw new IllegalArgumentException("a cluster has members");
    }
    this.members = List.copyOf(members);
    this.clock = clock;
  }

  @Override
  public JsonNode call(ApiRequest request) {
    ProxmoxFailure last = null;
    for (ProxmoxApi member : inOrder()) {
      try {
        JsonNode answer = member.call(request);
        reached(member);
        return answer;
      } catch (ProxmoxFailure.Unreachable | ProxmoxFailure.CertificateMismatch failure) {
        missed(member);
        last = failure;
      }
    }
    throw last;
  }

  /** Those that answered before those that did not, the longest unreachable first among them. */
  private synchronized List<ProxmoxApi> inOrder() {
    Instant now = clock.instant();
    return members.stream()
        .sorted(
            Comparator.comparing(
                member -> {
                  Instant since = unreachableSince.get(member);
                  return since != null && now.isBefore(since.plus(REST)) ? since : Instant.MIN;
                }))
        .toList();
  }

  private synchronized void reached(ProxmoxApi member) {
    unreachableSince.remove(member);
  }

  private synchronized void missed(ProxmoxApi member) {
    unreachableSince.put(member, clock.instant());
  }
}
