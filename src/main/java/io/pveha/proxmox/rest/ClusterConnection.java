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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A cluster through any of its members. The next one is asked when nothing can have happened at the
 * former: it can't be reached, is not what it should be, refuses the login, or has no quorum. A
 * write whose fate is unknown is never sent twice. A member that can't be reached is left alone for
 * a while.
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
  public CompletionStage<JsonNode> ask(ApiRequest request) {
    return ask(request, inOrder().iterator(), null);
  }

  private CompletionStage<JsonNode> ask(
      ApiRequest request, Iterator<ProxmoxApi> next, ProxmoxFailure former) {
    ProxmoxApi member = next.next();
    return member
        .ask(request)
        .thenApply(
            answer -> {
              reached(member);
              return answer;
            })
        .exceptionallyCompose(
            thrown -> {
              ProxmoxFailure failure = ProxmoxFailure.of(thrown);
              note(member, failure);
              if (!mayAskNext(failure)) {
                return CompletableFuture.failedStage(failure);
              }
              ProxmoxFailure telling = moreTelling(former, failure);
              return next.hasNext()
                  ? ask(request, next, telling)
                  : CompletableFuture.failedStage(telling);
            });
  }

  /** Whether nothing has happened, and another member may do better. */
  private static boolean mayAskNext(ProxmoxFailure failure) {
    if (failure instanceof ProxmoxFailure.Unreachable) {
      // The node behind is as far away from the next member, and each try costs seconds.
      return !((ProxmoxFailure.Unreachable) failure).isBehind();
    }
    return failure instanceof ProxmoxFailure.CertificateMismatch
        || failure instanceof ProxmoxFailure.NotProxmox
        || failure instanceof ProxmoxFailure.LoginRejected
        || failure instanceof ProxmoxFailure.Refused
            && ((ProxmoxFailure.Refused) failure).isForLackOfQuorum();
  }

  /** What a person can correct says more than a member that is away. */
  private static ProxmoxFailure moreTelling(ProxmoxFailure former, ProxmoxFailure latter) {
    return former == null || former instanceof ProxmoxFailure.Unreachable ? latter : former;
  }

  private void note(ProxmoxApi member, ProxmoxFailure failure) {
    boolean away =
        failure instanceof ProxmoxFailure.Unreachable
                && !((ProxmoxFailure.Unreachable) failure).isBehind()
            || failure instanceof ProxmoxFailure.ConnectionLost
            || failure instanceof ProxmoxFailure.CertificateMismatch
            || failure instanceof ProxmoxFailure.NotProxmox;
    if (away) {
      missed(member);
    } else {
      reached(member);
    }
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
