package io.pveha.proxmox.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.MovableClock;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Any member will do, but a write goes to one. */
class ClusterConnectionTest {

  private static final ApiRequest READ = ApiRequest.get("/cluster/status");
  private static final ApiRequest WRITE = ApiRequest.post("/storage");

  /** A member that fails as told, and counts. */
  private static final class Member implements ProxmoxApi {
    private final String name;
    private Optional<ProxmoxFailure> failing = Optional.empty();
    private int asked;

    Member(String name) {
      this.name = name;
    }

    @Override
    public CompletionStage<JsonNode> ask(ApiRequest request) {
      asked++;
      return failing
          .<CompletionStage<JsonNode>>map(CompletableFuture::failedStage)
          .orElseGet(() -> CompletableFuture.completedStage(new TextNode(name)));
    }
  }

  private final MovableClock clock = new MovableClock();
  private final Member first = new Member("first");
  private final Member second = new Member("second");
  private final ClusterConnection cluster = new ClusterConnection(List.of(first, second), clock);

  @Test
  void asksTheNextMemberWhenOneIsAwayAndLeavesThatAloneForAWhile() {
    first.failing = Optional.of(new ProxmoxFailure.Unreachable("away"));
    assertThat(cluster.call(WRITE).asText()).isEqualTo("second");
    assertThat(cluster.call(READ).asText()).isEqualTo("second");
    assertThat(first.asked).isEqualTo(1);
    first.failing = Optional.empty();
    clock.pass(Duration.ofSeconds(21));
    assertThat(cluster.call(READ).asText()).isEqualTo("first");
  }

  @Test
  void doesNotSendAWriteAgainWhoseFateIsUnknown() {
    first.failing = Optional.of(new ProxmoxFailure.ConnectionLost("lost"));
    assertThatThrownBy(() -> cluster.call(WRITE)).isInstanceOf(ProxmoxFailure.ConnectionLost.class);
    assertThat(second.asked).isZero();
  }

  @Test
  void doesNotBlameAMemberForTheNodeBehindIt() {
    first.failing = Optional.of(ProxmoxFailure.Unreachable.behind("595"));
    assertThatThrownBy(() -> cluster.call(READ)).isInstanceOf(ProxmoxFailure.Unreachable.class);
    assertThat(second.asked).isZero();
    first.failing = Optional.empty();
    assertThat(cluster.call(READ).asText()).isEqualTo("first");
  }

  @Test
  void asksTheNextMemberWhenOneHasNoQuorumOrDoesNotKnowUs() {
    first.failing = Optional.of(new ProxmoxFailure.Refused("cluster not ready - no quorum?"));
    assertThat(cluster.call(WRITE).asText()).isEqualTo("second");
    first.failing = Optional.of(new ProxmoxFailure.LoginRejected("who?"));
    assertThat(cluster.call(WRITE).asText()).isEqualTo("second");
  }

  @Test
  void takesARefusalForAnAnswer() {
    first.failing = Optional.of(new ProxmoxFailure.Refused("storage 'tank' already defined"));
    assertThatThrownBy(() -> cluster.call(WRITE)).hasMessageContaining("already defined");
    assertThat(second.asked).isZero();
  }

  @Test
  void tellsWhatAPersonCanCorrectRatherThanThatAMemberIsAway() {
    first.failing = Optional.of(new ProxmoxFailure.LoginRejected("wrong token"));
    second.failing = Optional.of(new ProxmoxFailure.Unreachable("away"));
    assertThatThrownBy(() -> cluster.call(READ)).hasMessage("wrong token");
  }
}
