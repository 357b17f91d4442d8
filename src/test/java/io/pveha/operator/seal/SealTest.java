package io.pveha.operator.seal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.pveha.api.v1alpha1.FailoverCause;
import io.pveha.api.v1alpha1.HaResourceStatus;
import io.pveha.api.v1alpha1.HaResourceStatus.Presence;
import io.pveha.api.v1alpha1.HaResourceStatus.RequestedMove;
import io.pveha.api.v1alpha1.HealthAction;
import io.pveha.api.v1alpha1.MovePhase;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Away;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Health;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Move;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Node;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.Treatment;
import io.pveha.proxmox.Secret;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What of a status is trusted. */
class SealTest {

  private static final Instant NOW = Instant.parse("2026-01-05T08:00:00.123Z");
  private static final Secret TOKEN = new Secret("5e4d2f0a-8f0c-4b7e-9d57-0c1f5a6b7c8d");
  private static final Secret NEXT = new Secret("0b1e7a52-51e0-4f3e-a4a6-8a1d3c9e2f70");
  private static final Seal SEAL = Seal.of(TOKEN, "uid-1");

  @Test
  void fitsWhatItWasMadeOfAndStillDoesWhenReadBack() throws JsonProcessingException {
    ProxmoxClusterStatus status = SEAL.sealed(status());

    assertThat(SEAL.fits(status)).isTrue();
    String written = Serialization.jsonMapper().writeValueAsString(status);
    assertThat(SEAL.fits(Serialization.jsonMapper().readValue(written, ProxmoxClusterStatus.class)))
        .isTrue();
    assertThat(written).doesNotContain(TOKEN.reveal());
  }

  @Test
  void fitsNoOtherObjectAndNoOtherToken() {
    ProxmoxClusterStatus status = SEAL.sealed(status());

    assertThat(Seal.of(TOKEN, "uid-2").fits(status)).isFalse();
    assertThat(Seal.of(NEXT, "uid-1").fits(status)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("alterations")
  void fitsNothingThatSomebodyAltered(ProxmoxClusterStatus altered) {
    assertThat(SEAL.fits(altered.withSeal(SEAL.sealed(status()).seal()))).isFalse();
  }

  static Stream<ProxmoxClusterStatus> alterations() {
    ProxmoxClusterStatus status = status();
    return Stream.of(
        status.withNodes(List.of(node("EE:FF", "False"))),
        status.withNodes(List.of(node("AA:BB", "True"))),
        status.withNodes(List.of()),
        status.withMoves(List.of(), status.away()),
        status.withMoves(List.of(move("node3")), status.away()),
        status.withMoves(status.moves(), List.of()),
        status.withHealth(null),
        status.withHealth(new Health(NOW, List.of(), List.of())));
  }

  @Test
  void saysNothingOfTheRest() {
    ProxmoxClusterStatus status = SEAL.sealed(status());

    assertThat(SEAL.fits(status.withQuorum("1/3", null).withObservedGeneration(7L))).isTrue();
  }

  @Test
  void nothingNeedsNoSeal() {
    assertThat(SEAL.sealed(ProxmoxClusterStatus.EMPTY).seal()).isNull();
    assertThat(new Seals().read(object(), ProxmoxClusterStatus.EMPTY, TOKEN).alteration())
        .isEmpty();
  }

  @Test
  void aProcessThatWroteNothingLeavesOutWhatHasNoSeal() {
    ProxmoxClusterStatus old = status();

    TrustedStatus<ProxmoxClusterStatus> read = new Seals().read(object(), old, TOKEN);

    assertThat(read.alteration()).isPresent();
    assertThat(read.status().node("node1").orElseThrow().tlsFingerprint()).isNull();
    assertThat(read.status().node("node1").orElseThrow().conditions()).isEmpty();
    assertThat(read.status().node("node1").orElseThrow().votes()).isEqualTo(1);
    assertThat(read.status().moves()).isEmpty();
    assertThat(read.status().away()).isEmpty();
    assertThat(read.status().health()).isNull();
  }

  @Test
  void aProcessPutsBackWhatItWrote() {
    Seals seals = new Seals();
    seals.wrote(object(), seals.sealed(object(), status(), TOKEN));

    for (ProxmoxClusterStatus altered : alterations().toList()) {
      TrustedStatus<ProxmoxClusterStatus> read = seals.read(object(), altered, TOKEN);
      assertThat(read.alteration()).isPresent();
      assertThat(read.status().moves()).isEqualTo(status().moves());
      assertThat(read.status().away()).isEqualTo(status().away());
      assertThat(read.status().health()).isEqualTo(status().health());
      assertThat(read.status().nodes())
          .allMatch(node -> node.equals(status().node("node1").orElseThrow()));
    }
    assertThat(seals.read(object(), ProxmoxClusterStatus.EMPTY, TOKEN).alteration())
        .as("all of it taken out")
        .isPresent();
  }

  @Test
  void aTokenThatIsReplacedWhileTheProcessRunsCostsNothing() {
    Seals seals = new Seals();
    ProxmoxClusterStatus written = seals.sealed(object(), status(), TOKEN);
    assertThat(seals.read(object(), written, TOKEN).alteration()).isEmpty();

    TrustedStatus<ProxmoxClusterStatus> read = seals.read(object(), written, NEXT);

    assertThat(read.alteration()).isEmpty();
    assertThat(read.status()).isEqualTo(written);
    assertThat(new Seals().read(object(), written, NEXT).alteration()).isPresent();
  }

  @Test
  void aRequestThatNobodyMadeIsNoneAndAGuestThatWasThereStaysSo() {
    Presence seen = new Presence(NOW, null, null);
    HaResourceStatus forged =
        HaResourceStatus.EMPTY
            .withHomeNode("node2")
            .withRequestedMove(new RequestedMove("node3", NOW))
            .withPresence(seen);

    HaResourceStatus read = new Seals().read(object(), forged, TOKEN).status();

    assertThat(read.requestedMove()).isNull();
    assertThat(read.homeNode()).isNull();
    assertThat(read.presence()).isEqualTo(seen);
    assertThat(new Seals().read(object(), SEAL.sealed(forged), TOKEN).status().requestedMove())
        .isNotNull();
  }

  private static ProxmoxCluster object() {
    ProxmoxCluster cluster = new ProxmoxCluster();
    cluster.setMetadata(new ObjectMetaBuilder().withName("prod").withUid("uid-1").build());
    return cluster;
  }

  private static ProxmoxClusterStatus status() {
    return ProxmoxClusterStatus.EMPTY
        .withNodes(List.of(node("AA:BB", "False")))
        .withMoves(
            List.of(move("node2")),
            List.of(new Away("ct:101", "node1", "node2", FailoverCause.MAINTENANCE, NOW)))
        .withHealth(
            new Health(
                null,
                List.of(
                    new Treatment(
                        "node1", HealthAction.EVACUATE, "PoolsUsable", NOW, null, "tank is gone")),
                List.of()));
  }

  private static Node node(String fingerprint, String poolsUsable) {
    Condition condition =
        new ConditionBuilder()
            .withType("PoolsUsable")
            .withStatus(poolsUsable)
            .withReason("PoolUnusable")
            .withMessage("")
            .withLastTransitionTime("2026-01-05T08:00:00Z")
            .build();
    return new Node(
        "node1", 1, null, true, null, 1, null, null, fingerprint, NOW, List.of(condition));
  }

  private static Move move(String to) {
    return new Move(
        "m1",
        "ct:100",
        "node1",
        to,
        FailoverCause.NODE_UNHEALTHY,
        MovePhase.SYNCING,
        NOW,
        NOW.plusSeconds(60),
        null,
        null,
        "line\nbreak");
  }
}
