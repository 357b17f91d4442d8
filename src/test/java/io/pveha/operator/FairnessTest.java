package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.operator.connection.ClusterAccess;
import io.pveha.operator.connection.ClusterLogin;
import io.pveha.operator.connection.Connector;
import io.pveha.operator.polling.Pace;
import io.pveha.operator.polling.WatcherThreads;
import io.pveha.operator.polling.Watchers;
import io.pveha.proxmox.Answering;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.Secret;
import io.pveha.proxmox.Trust;
import io.pveha.simulator.api.SimulatedCluster;
import io.pveha.simulator.api.SimulatorOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Of ten clusters two are black holes: the eight others are asked as often as ever. */
class FairnessTest {

  private static final int CLUSTERS = 10;
  private static final int HOLES = 2;
  private static final int NODES = 3;
  private static final ObjectMapper JSON = new ObjectMapper(new YAMLFactory());

  /** Questions of a minute, by cluster and path. */
  @Test
  void clustersThatHangTakeNoRoundFromOthersInVirtualTime() {
    Map<String, Integer> without = minute(0);
    Map<String, Integer> with = minute(HOLES);

    assertThat(without.keySet()).as("all clusters").hasSize(2 * CLUSTERS);
    without.forEach(
        (question, count) -> {
          if (cluster(question) >= HOLES) {
            assertThat(count).as(question).isGreaterThan(50);
            assertThat(with).as(question).containsEntry(question, count);
          }
        });
    System.out.printf(
        "questions a minute to one of eight clusters: %s; with two black holes: %s%n",
        without.get("9 /cluster/status"), with.get("9 /cluster/status"));
  }

  private static Map<String, Integer> minute(int holes) {
    try (SimulatedCluster clock =
        SimulatedCluster.start(
            SimulatorOptions.standard().withVirtualTime(), Instant.parse("2026-01-05T08:00:00Z"))) {
      VirtualTime time = new VirtualTime(clock);
      VirtualLanes lanes = new VirtualLanes(time);
      VirtualAskers askers = new VirtualAskers(time, lanes, Pace.DEFAULT);
      Map<String, Integer> asked = new TreeMap<>();
      boolean[] counting = {false};
      try (Watchers watchers =
          new Watchers(new WatcherThreads(lanes, askers), Pace.DEFAULT, time)) {
        for (int cluster = 0; cluster < CLUSTERS; cluster++) {
          int number = cluster;
          watch(
              watchers,
              cluster,
              (node, request) -> {
                if (number < holes) {
                  askers.silent(Patience.DEFAULT.answer());
                  throw new ProxmoxFailure.Unreachable("black hole");
                }
                if (counting[0] && isCounted(request)) {
                  asked.merge(number + " " + request.path(), 1, Integer::sum);
                }
                return answer(number, node, request);
              });
        }
        pass(time, lanes, Duration.ofMinutes(1));
        counting[0] = true;
        pass(time, lanes, Duration.ofMinutes(1));
      }
      return asked;
    }
  }

  private static void pass(VirtualTime time, VirtualLanes lanes, Duration howLong) {
    Instant end = time.instant().plus(howLong);
    while (time.instant().isBefore(end)) {
      while (lanes.runOne()) {
        // All that is due.
      }
      time.advanceTo(lanes.nextDue().filter(due -> due.isBefore(end)).orElse(end));
    }
  }

  /** With threads as in reality, of which those that wait are not missed by anybody. */
  @Test
  void clustersThatHangTakeNoThreadFromOthers() {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch fallen = new CountDownLatch(1);
    Map<Integer, Integer> asked = new ConcurrentHashMap<>();
    Map<String, Boolean> stuck = new ConcurrentHashMap<>();
    Pace pace = new Pace(Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofSeconds(5));
    try (Watchers watchers = new Watchers(pace, Clock.systemUTC())) {
      for (int cluster = 0; cluster < CLUSTERS; cluster++) {
        int number = cluster;
        watch(
            watchers,
            cluster,
            (node, request) -> {
              if (number < HOLES && fallen.getCount() == 0) {
                stuck.put(number + " " + node, true);
                await(end);
                throw new ProxmoxFailure.Unreachable("black hole");
              }
              if (request.path().equals("/cluster/status")) {
                asked.merge(number, 1, Integer::sum);
              }
              return answer(number, node, request);
            });
      }
      awaitRounds(asked, 0, Map.of());
      fallen.countDown();
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> stuck.size() == HOLES * NODES);
      Map<Integer, Integer> before = Map.copyOf(asked);

      awaitRounds(asked, HOLES, before);
      System.out.printf("threads that ask or wait while two of ten clusters hang: %d%n", threads());
    } finally {
      end.countDown();
    }
  }

  private static void awaitRounds(
      Map<Integer, Integer> asked, int first, Map<Integer, Integer> before) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                IntStream.range(first, CLUSTERS)
                    .allMatch(
                        cluster ->
                            asked.getOrDefault(cluster, 0)
                                >= before.getOrDefault(cluster, 0) + 100 * NODES));
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("pveha-"))
        .count();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isCounted(ApiRequest request) {
    return request.path().equals("/cluster/status") || request.path().equals("/cluster/resources");
  }

  private static int cluster(String question) {
    return Integer.parseInt(question.substring(0, question.indexOf(' ')));
  }

  /** What a node answers. */
  private interface Answers {
    JsonNode to(int node, ApiRequest request);
  }

  private static void watch(Watchers watchers, int cluster, Answers answers) {
    Connector connector =
        (endpoint, credentials) -> {
          int node = Integer.parseInt(endpoint.host().replaceFirst(".*\\.", ""));
          return new Answering(request -> answers.to(node, request));
        };
    String nodes =
        IntStream.rangeClosed(1, NODES)
            .mapToObj(node -> "{name: node%d, address: 10.0.%d.%d}".formatted(node, cluster, node))
            .collect(Collectors.joining(", "));
    ProxmoxClusterSpec spec =
        JSON.convertValue(
            read("{clusterName: c%d, nodes: [%s]}".formatted(cluster, nodes)),
            ProxmoxClusterSpec.class);
    ClusterLogin login =
        new ClusterLogin(
            Optional.empty(),
            Optional.of(new Credentials.ApiToken("operator@pve!pveha", new Secret("secret"))),
            Optional.empty(),
            new Trust.Fingerprint("00"));
    watchers.watch(
        new ResourceID("c" + cluster, "fair"), new ClusterAccess(spec, login, Map.of(), connector));
  }

  private static JsonNode answer(int cluster, int node, ApiRequest request) {
    return switch (request.path()) {
      case "/cluster/status" ->
          read(
              "[{type: cluster, id: cluster, name: c%d, quorate: 1, nodes: %d}, %s]"
                  .formatted(
                      cluster,
                      NODES,
                      IntStream.rangeClosed(1, NODES)
                          .mapToObj(
                              each ->
                                  ("{type: node, id: node/node%1$d, name: node%1$d, nodeid: %1$d,"
                                          + " ip: 10.0.0.%1$d, online: 1, local: %2$d}")
                                      .formatted(each, each == node ? 1 : 0))
                          .collect(Collectors.joining(", "))));
      case "/cluster/resources" -> read("[]");
      case "/cluster/ha/status/manager_status" ->
          read("{manager_status: {}, lrm_status: {}, quorum: {node: node1, quorate: 1}}");
      default -> throw new ProxmoxFailure.Refused("500 not here (%s)".formatted(request));
    };
  }

  private static JsonNode read(String yaml) {
    try {
      return JSON.readTree(yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
