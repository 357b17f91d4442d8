package io.pveha.proxmox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.GuestKind;
import io.pveha.core.cluster.NodeName;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers are read as Proxmox writes them, which is not always the same. */
class AnswersTest {

  private static final NodeName NODE = new NodeName("node1");

  @Test
  void readsTheMembershipOfAMember() {
    ClusterCalls.MembershipView view =
        new ClusterCalls(
                answering(
                    """
                    [{"type":"cluster","id":"cluster","name":"homelab","nodes":2,"version":2,
                      "quorate":1},
                     {"type":"node","id":"node/node1","name":"node1","nodeid":1,"ip":"10.0.0.11",
                      "online":1,"local":1,"level":""},
                     {"type":"node","id":"node/node2","name":"node2","nodeid":"2","online":"0"}]
                    """))
            .membership()
            .get();
    assertThat(view.self()).isEqualTo(NODE);
    assertThat(view.clusterName()).hasValue("homelab");
    assertThat(view.quorate()).isTrue();
    assertThat(view.members()).extracting(ClusterCalls.Member::online).containsExactly(true, false);
    assertThat(view.members()).extracting(ClusterCalls.Member::nodeId).containsExactly(1, 2);
  }

  @Test
  void countsANodeWithoutClusterAsItsOwnQuorum() {
    ClusterCalls.MembershipView view =
        new ClusterCalls(
                answering(
                    """
                    [{"type":"node","id":"node/node1","name":"node1","nodeid":0,"ip":"10.0.0.11",
                      "online":1,"local":1,"level":""}]
                    """))
            .membership()
            .get();
    assertThat(view.clusterName()).isEmpty();
    assertThat(view.quorate()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"name\":\"node2\"' | '\"name\":true' | 'row 3 does not say what it is about'",
        "'\"name\":\"node2\"' | '\"name\":\"node4\"' | 'row 3 does not say what it is about'",
        "'node/node2' | 'node/node4' | 'row 3 does not say what it is about'",
        "'\"type\":\"node\",\"id\":\"node/node2\"' | '\"type\":-1' | 'it counts 2 nodes and lists"
            + " 1'",
        "'\"nodes\":2' | '\"nodes\":3' | 'it counts 3 nodes and lists 2'",
        "'\"type\":\"cluster\"' | '\"type\":{}' | 'row 1 can''t be read'",
        "'\"type\":\"cluster\"' | '\"type\":7' | 'it lists 2 nodes and no cluster'"
      })
  void doesNotBelieveAMembershipThatContradictsItself(String told, String odd, String why) {
    String status =
        """
        [{"type":"cluster","id":"cluster","name":"homelab","nodes":2,"quorate":1},
         {"type":"node","id":"node/node1","name":"node1","nodeid":1,"online":1,"local":1},
         {"type":"node","id":"node/node2","name":"node2","nodeid":2,"online":1,"local":0}]
        """;
    assertThat(new ClusterCalls(answering(status)).membership().get().members()).hasSize(2);
    assertThat(status).contains(told);
    assertThatThrownBy(
            () -> new ClusterCalls(answering(status.replace(told, odd))).membership().get())
        .isInstanceOf(ProxmoxFailure.NotProxmox.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\"health\":null", "\"health\":-1", "\"health\":true", "\"health\":\"\""})
  void doesNotTakeAPoolWithoutAStateForAFailedOne(String odd) {
    assertThatThrownBy(
            () ->
                new StorageCalls(
                        answering(
                            "[{\"name\":\"tank\",\"size\":1%s}]"
                                .formatted(odd.isEmpty() ? "" : "," + odd)))
                    .pools(NODE)
                    .get())
        .isInstanceOf(ProxmoxFailure.NotProxmox.class);
  }

  @Test
  void readsNumbersWrittenAsTextAndIgnoresNewFields() {
    List<StorageCalls.Disk> disks =
        new StorageCalls(
                answering(
                    """
                    [{"devpath":"/dev/sda","size":"1000204886016","serial":12345,"wearout":"N/A",
                      "invented-in-10":{"a":[1]},"used":null}]
                    """))
            .disks(NODE)
            .get();
    assertThat(disks.get(0).size()).isEqualTo(1000204886016L);
    assertThat(disks.get(0).serial()).isEqualTo("12345");
    assertThat(disks.get(0).used()).isNull();
  }

  @Test
  void namesWhatItDoesNotUnderstandOfWhatItMayChange() {
    List<PlacementCalls.Rule> rules =
        new PlacementCalls(
                answering(
                    """
                    [{"rule":"a","type":"node-affinity","resources":"ct:100","nodes":"n1:1,n2",
                      "strict":1,"disable":0,"comment":"x","digest":"d","order":1,
                      "errors":{"resources":["y"]}},
                     {"rule":"b","type":"node-affinity","resources":"ct:100","nodes":"n1",
                      "horizon":{"a":[1]},"absent":null},
                     {"rule":"c","type":"zone-affinity","resources":"ct:100"},
                     {"rule":"d","type":"resource-affinity","resources":"ct:100,ct:101",
                      "affinity":"perhaps"},
                     {"rule":"e","type":"node-affinity","resources":"pool:web","nodes":"n1:high"},
                     {"rule":"f","type":"node-affinity","resources":"ct:100","nodes":"n1",
                      "affinity":"negative"},
                     {"rule":"g","type":"node-affinity","resources":"ct:100","nodes":"n1",
                      "affinity":"sideways"}]
                    """))
            .rules()
            .get();
    assertThat(rules)
        .extracting(PlacementCalls.Rule::unknownProperties)
        .containsExactly(
            names(),
            names("horizon"),
            names("type"),
            names("affinity"),
            names("nodes", "resources"),
            names(),
            names("affinity"));

    List<HaCalls.Resource> resources =
        new HaCalls(
                answering(
                    """
                    [{"sid":"ct:100","type":"ct","state":"started","max_restart":1,
                      "max_relocate":1,"failback":0,"comment":"x","digest":"d"},
                     {"sid":"ct:101","gravity":1,"state":"dreaming"}]
                    """))
            .resources()
            .get();
    assertThat(resources)
        .extracting(HaCalls.Resource::unknownProperties)
        .containsExactly(names(), names("gravity", "state"));

    assertThat(
            new PlacementCalls(
                    answering(
                        """
                        [{"group":"g","type":"group","nodes":"n1","restricted":1,"nofailback":0,
                          "comment":"x","digest":"d"}]
                        """))
                .groups()
                .get()
                .get(0)
                .unknownProperties())
        .isEmpty();
  }

  private static SortedSet<String> names(String... names) {
    return new TreeSet<>(List.of(names));
  }

  @Test
  void doesNotLoseAListForOneNumberThatIsNone() {
    List<StorageCalls.Pool> pools =
        new StorageCalls(
                answering(
                    """
                    [{"name":"tank","size":"-","frag":"N/A","health":"SUSPENDED"},
                     {"name":"rpool","size":100,"frag":3,"health":"ONLINE"}]
                    """))
            .pools(NODE)
            .get();
    assertThat(pools).extracting(StorageCalls.Pool::health).containsExactly("SUSPENDED", "ONLINE");
  }

  @Test
  void leavesOutGuestsOfKindsThatWeDoNotKnow() {
    List<GuestCalls.Guest> guests =
        new GuestCalls(
                answering(
                    """
                    [{"type":"openvz","vmid":99,"node":"node1"},
                     {"type":"lxc","vmid":"100","node":"node1","status":"running","tags":"web;pci",
                      "template":0,"hastate":"started"}]
                    """))
            .guests()
            .get();
    assertThat(guests).hasSize(1);
    assertThat(guests.get(0).id()).isEqualTo(new GuestId(GuestKind.CT, 100));
    assertThat(guests.get(0).isRunning()).isTrue();
    assertThat(guests.get(0).tags()).containsExactly("web", "pci");
  }

  @Test
  void knowsTheRecoveryPointAndThatZeroMeansUnknown() {
    List<ReplicationCalls.JobStatus> jobs =
        new ReplicationCalls(
                answering(
                    """
                    [{"id":"100-0","guest":"100","last_sync":1800000000,"next_sync":0,"duration":2.5,
                      "fail_count":0},
                     {"id":"100-1","guest":100,"last_sync":0,"error":"no route","fail_count":"3",
                      "pid":4711}]
                    """))
            .status(NODE)
            .get();
    assertThat(jobs.get(0).lastSync()).hasValue(Instant.ofEpochSecond(1_800_000_000L));
    assertThat(jobs.get(0).nextSync()).isEmpty();
    assertThat(jobs.get(1).lastSync()).isEmpty();
    assertThat(jobs.get(1).failCount()).isEqualTo(3);
    assertThat(jobs.get(1).isRunning()).isTrue();
  }

  @Test
  void readsWhatTheHaDaemonsWroteAndWhatTheyNeverWrote() {
    HaCalls.ManagerStatus status =
        new HaCalls(
                answering(
                    """
                    {"manager_status":{"master_node":"node1","timestamp":1800000000,
                       "node_status":{"node1":"online","node2":"fence"},
                       "service_status":{"ct:100":{"state":"fence","node":"node2","running":1,
                         "uid":"x"}}},
                     "lrm_status":{"node1":{"state":"active","mode":"active","timestamp":"1800000001",
                       "results":{}}},
                     "quorum":{"node":"node1","quorate":"1"}}
                    """))
            .managerStatus()
            .get();
    assertThat(status.manager().nodeStatus()).containsEntry("node2", "fence");
    assertThat(status.manager().serviceStatus().get("ct:100").running()).isTrue();
    assertThat(status.lrms().get("node1").timestamp()).isEqualTo(1_800_000_001L);
    HaCalls.ManagerStatus none =
        new HaCalls(answering("{\"lrm_status\":{}}")).managerStatus().get();
    assertThat(none.manager().masterNode()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "1, true",
    "'\"1\"', true",
    "true, true",
    "'\"true\"', true",
    "'\"yes\"', true",
    "'\"On\"', true",
    "0, false",
    "'\"0\"', false",
    "false, false",
    "'\"false\"', false",
    "'\"no\"', false",
    "'\"OFF\"', false",
    "'\"\"', false",
    "null, false"
  })
  void readsFlagsAsProxmoxDoes(String written, boolean read) {
    List<StorageCalls.Storage> storages = flagged(written);
    assertThat(Rows.problem(storages)).isEmpty();
    assertThat(storages).extracting(StorageCalls.Storage::disable).containsExactly(read, false);
  }

  /** Neither yes nor no: its row is none that can be read. */
  @ParameterizedTest
  @ValueSource(strings = {"2", "-1", "0.5", "1e99", "\"maybe\"", "\"00\"", "\"nope\"", "{}", "[1]"})
  void takesNoOddTextForAFlag(String written) {
    List<StorageCalls.Storage> storages = flagged(written);
    assertThat(storages).extracting(StorageCalls.Storage::storage).containsExactly("local");
    assertThat(Rows.problem(storages)).hasValue("row 1 can't be read because of disable");
  }

  private static List<StorageCalls.Storage> flagged(String written) {
    return new StorageCalls(
            answering(
                "[{\"storage\":\"tank\",\"disable\":%s},{\"storage\":\"local\"}]"
                    .formatted(written)))
        .storages()
        .get();
  }

  @Test
  void tellsAbsentDefaultsFromFalse() {
    List<HaCalls.Resource> resources =
        new HaCalls(answering("[{\"sid\":\"vm:1\"},{\"sid\":\"vm:2\",\"failback\":0}]"))
            .resources()
            .get();
    assertThat(resources.get(0).failbackOrDefault()).isTrue();
    assertThat(resources.get(1).failbackOrDefault()).isFalse();
  }

  @Test
  void writesDatacenterOptionsAsPropertyStringsAgain() {
    assertThat(
            new ClusterCalls(
                    answering(
                        "{\"crs\":{\"ha\":\"static\"},\"keyboard\":\"de\",\"max_workers\":4}"))
                .options()
                .get())
        .containsEntry("crs", "ha=static")
        .containsEntry("keyboard", "de")
        .containsEntry("max_workers", "4");
  }

  @Test
  void saysThatItIsNotProxmoxWhenTheFormIsAnother() {
    assertThatThrownBy(() -> new ClusterCalls(answering("[]")).membership().get())
        .isInstanceOf(ProxmoxFailure.NotProxmox.class);
    assertThatThrownBy(() -> new StorageCalls(answering("[7]")).pools(NODE).get())
        .isInstanceOf(ProxmoxFailure.NotProxmox.class)
        .hasMessageNotContaining("io.pveha");
  }

  @Test
  void neverShowsASecretByChance() {
    Credentials token = new Credentials.ApiToken("o@pve!t", new Secret("hunter2"));
    assertThat(token.toString()).contains("***").doesNotContain("hunter2");
    assertThat(ApiRequest.post("/x").with("password", new Secret("hunter2")).toString())
        .isEqualTo("POST /x");
  }

  private static ProxmoxApi answering(String json) {
    JsonNode answer;
    try {
      answer = new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
    return new Answering(request -> answer);
  }
}
