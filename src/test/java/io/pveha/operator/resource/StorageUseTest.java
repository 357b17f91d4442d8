package io.pveha.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.Belief;
import io.pveha.core.cluster.NodeName;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.proxmox.StorageCalls.Pool;
import io.pveha.proxmox.StorageCalls.Storage;
import io.pveha.proxmox.StorageCalls.StorageStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node says of its storages, and what it leaves out. */
class StorageUseTest {

  @ParameterizedTest
  @CsvSource({
    "tank, true, ONLINE, '', YES, ''",
    "tank, true, DEGRADED, 'node2,node1', YES, ''",
    "tank, false, ONLINE, '', NO, its storage tank is not active",
    "tank, true, SUSPENDED, '', NO, its pool tank is SUSPENDED",
    "tank, true, ONLINE, node2, YES, ''",
    "other, true, ONLINE, node2, NO, its storage tank is not for this node",
    "other, true, ONLINE, node1, UNKNOWN, ''",
    "other, true, ONLINE, '', UNKNOWN, ''",
    "other, true, FAULTED, '', NO, its pool tank is FAULTED"
  })
  void failsOnlyWhereTheNodeSaysSo(
      String listed, boolean active, String health, String nodes, Belief works, String trouble) {
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
            List.of());
    assertThat(StorageUse.of(entry, new NodeName("node1"), node))
        .isEqualTo(new StorageUse(works, trouble));
  }
}
