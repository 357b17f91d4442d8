package io.pveha.core.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.placement.ServiceId;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActiveServicesTest {

  private static final Set<ServiceState> IDLE =
      EnumSet.of(
          ServiceState.STOPPED,
          ServiceState.FREEZE,
          ServiceState.ERROR,
          ServiceState.REQUEST_START);

  @ParameterizedTest
  @EnumSource(ServiceState.class)
  void countsServicesHereOrComingThatSomebodyMayHaveToWorkOn(ServiceState state) {
    TreeMap<ServiceId, ServiceRecord> services = new TreeMap<>();
    services.put(ServiceId.of("vm:1"), ServiceRecord.of(state, "node1", "a"));
    services.put(ServiceId.of("vm:2"), ServiceRecord.of(state, "node2", "b").withTarget("node1"));
    services.put(ServiceId.of("vm:3"), ServiceRecord.of(state, "node3", "c"));

    assertThat(ActiveServices.count(services, "node1")).isEqualTo(IDLE.contains(state) ? 0 : 2);
  }
}
