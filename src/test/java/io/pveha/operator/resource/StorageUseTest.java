package io.pveha.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.safety.FailureLog;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.proxmox.StorageCalls.Pool;
import io.pveha.proxmox.StorageCalls.Storage;
import io.pveha.proxmox.StorageCalls.StorageStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node says of its storages, and what it leaves out. */
class StorageUseTest {

  @ParameterizedTest
  @CsvSource({
    "tank, true, false, ONLINE, '', YES, ''",
    "tank, true, false, DEGRADED, 'node2,node1', YES, ''",
    "tank, false, false, ONLINE, '', NO, its storage tank is not active",
    "tank, false, true, ONLINE, '', UNKNOWN, ''",
    "tank, , false, ONLINE, '', UNKNOWN, ''",
    "tank, true, false, SUSPENDED, '', NO, its pool tank is SUSPENDED",
    "tank, true, false, ONLINE, node2, YES, ''",
    "other, true, false, ONLINE, node2, NO, its storage tank is not for this node",
    "other, true, false, ONLINE, node1, UNKNOWN, ''",
    "other, true, false, ONLINE, '', UNKNOWN, ''",
    "other, true, false, FAULTED, '', NO, its pool tank is FAULTED"
  })
  void failsOnlyWhereTheNodeSaysSo(
      String listed,
      Boolean active,
      boolean once,
      String health,
      String nodes,
      Belief works,
      String trouble) {
    Storage entry =
        new Storage("tank", "zfspool", "tank/guests", null, null, "images", nodes, false, null);
    SlowFacts.Node node =
        new SlowFacts.Node(
            "9.1.2",
            List.of(),
            List.of(new Pool("tank", 100, 1, 99, 0, 1, health)),
            Map.of(),
            List.of(
                new StorageStatus(listed, "zfspool", "images", active, true, false, 100, 1, 99)),
            List.of(),
            new FailureLog(
                Map.of(), once || !Boolean.FALSE.equals(active) ? Set.of() : Set.of(listed)));
    assertThat(StorageUse.of(entry, new NodeName("node1"), node))
        .isEqualTo(new StorageUse(works, trouble));
  }
}
