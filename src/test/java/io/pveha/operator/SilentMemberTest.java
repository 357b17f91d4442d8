package io.pveha.operator;

import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.operator.connection.Connector;
import io.pveha.proxmox.Answering;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.simulator.api.SimulatorOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A member answers one question and no further one: the cluster is watched by the others. */
class SilentMemberTest {

  /** Longer than a test waits, so that a watcher that waits for the answer is found out. */
  private static final long SILENCE_MINUTES = 5;

  @ParameterizedTest
  @ValueSource(strings = {"/cluster/resources", "/cluster/options"})
  void roundGoesOnWithTheNextMember(String question) {
    CountDownLatch end = new CountDownLatch(1);
    try (Stage stage = new Stage(SimulatorOptions.standard().withBare(false))) {
      stage.secrets();
      stage.apply(stage.clusterYaml("Adopt", "simulated"));
      String first = stage.info().nodes().get(0).address();
      stage.startOperator(real -> silent(real, first, question, end));
      stage.awaitCondition(ProxmoxCluster.class, "reference", ConditionType.READY, "True");
    } finally {
      end.countDown();
    }
  }

  private static Connector silent(
      Connector real, String address, String question, CountDownLatch end) {
    return (endpoint, credentials) -> {
      ProxmoxApi api = real.connect(endpoint, credentials);
      if (!address.endsWith(":" + endpoint.port())) {
        return api;
      }
      return new Answering(
          request -> {
            if (request.path().startsWith(question)) {
              await(end);
            }
            return api.call(request);
          });
    };
  }

  private static void await(CountDownLatch end) {
    try {
      end.await(SILENCE_MINUTES, TimeUnit.MINUTES);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    throw new ProxmoxFailure.Unreachable("fell silent");
  }
}
