package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.operator.connection.Connector;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whenever the operator dies while a cluster is being formed, its successor ends in the same. */
class FormationKilledTest {

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0} request {1}, request sent: {2}")
  @CsvSource({
    "V9_1, 1, false",
    "V9_1, 1, true",
    "V9_1, 2, false",
    "V9_1, 2, true",
    "V9_1, 3, true",
    "V8_3, 1, true",
    "V8_3, 2, true",
    "V8_3, 3, false"
  })
  void carriesOnAfterDyingAroundARequest(PveVersion version, int which, boolean sent)
      throws InterruptedException {
    Path record = folder.resolve("record.jsonl");
    try (Stage stage = stage(version, record)) {
      CountDownLatch dying = new CountDownLatch(1);
      stage.startOperator(real -> new DyingAt(which, sent, dying).around(real));
      assertThat(dying.await(60, TimeUnit.SECONDS)).isTrue();
      stage.stopOperator();

      stage.startOperator();
      stage.awaitCondition(ProxmoxCluster.class, "reference", ConditionType.READY, "True");

      assertThatNothingWasRepeated(record);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void carriesOnAfterDyingAtAnyMoment(long seed) {
    Path record = folder.resolve("record.jsonl");
    Random random = new Random(seed);
    try (Stage stage = stage(PveVersion.V9_1, record)) {
      for (int death = 0; death < 6; death++) {
        stage.startOperator();
        stage.pass(Duration.ofMillis(100 + random.nextInt(900)));
        stage.stopOperator();
      }
      stage.startOperator();
      stage.awaitCondition(ProxmoxCluster.class, "reference", ConditionType.READY, "True");

      assertThatNothingWasRepeated(record);
    }
  }

  private static Stage stage(PveVersion version, Path record) {
    Stage stage =
        new Stage(
            SimulatorOptions.standard().withVersion(version).withSpeed(20).withRecord(record));
    stage.secrets();
    stage.apply(stage.clusterYaml());
    return stage;
  }

  private static void assertThatNothingWasRepeated(Path record) {
    Recording recording = new Recording(record);
    assertThat(recording.accepted("POST", "/cluster/config")).isEqualTo(1);
    assertThat(recording.accepted("POST", "/cluster/config/join")).isEqualTo(2);
  }

  /** Dies for good at a forming request, before it is sent or before its answer is known. */
  private static final class DyingAt {

    private final AtomicInteger left;
    private final boolean sent;
    private final CountDownLatch dying;

    DyingAt(int which, boolean sent, CountDownLatch dying) {
      this.left = new AtomicInteger(which);
      this.sent = sent;
      this.dying = dying;
    }

    Connector around(Connector real) {
      return (endpoint, credentials) -> around(real.connect(endpoint, credentials));
    }

    private ProxmoxApi around(ProxmoxApi real) {
      return request -> {
        boolean forms =
            request.method() == ApiRequest.Method.POST
                && request.path().startsWith("/cluster/config");
        if (!forms || left.decrementAndGet() != 0) {
          return real.ask(request);
        }
        if (sent) {
          real.call(request);
        }
        dying.countDown();
        throw new Death();
      };
    }
  }

  /** Nothing of ours catches it, so nothing is saved after it. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }
}
