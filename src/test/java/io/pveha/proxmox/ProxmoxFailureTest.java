package io.pveha.proxmox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of failures is complete, and careful with writes. */
class ProxmoxFailureTest {

  private static final List<ProxmoxFailure> ALL =
      List.of(
          new ProxmoxFailure.Unreachable("x"),
          new ProxmoxFailure.ConnectionLost("x"),
          new ProxmoxFailure.LoginRejected("x"),
          new ProxmoxFailure.Forbidden("x"),
          new ProxmoxFailure.BadRequest("x", Map.of()),
          new ProxmoxFailure.Refused("x"),
          new ProxmoxFailure.NotFound("x"),
          new ProxmoxFailure.NotInCluster("x"),
          new ProxmoxFailure.NotImplemented("x"),
          new ProxmoxFailure.CertificateMismatch("x"),
          new ProxmoxFailure.NotProxmox("x"));

  @Test
  void everyKindIsInTheTable() {
    assertThat(ALL.stream().map(Object::getClass))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Arrays.stream(ProxmoxFailure.class.getPermittedSubclasses()),
                    Arrays.stream(ProxmoxFailure.Refused.class.getPermittedSubclasses()))
                .toList());
  }

  @Test
  void onlyALostConnectionLeavesAWriteInDoubt() {
    assertThat(ALL.stream().filter(ProxmoxFailure::mayHaveHappened))
        .hasExactlyElementsOfTypes(ProxmoxFailure.ConnectionLost.class);
  }

  @Test
  void whatAPersonMustCorrectDoesNotPassByItself() {
    assertThat(ALL.stream().filter(ProxmoxFailure::mayPass))
        .hasExactlyElementsOfTypes(
            ProxmoxFailure.Unreachable.class,
            ProxmoxFailure.ConnectionLost.class,
            ProxmoxFailure.Refused.class,
            ProxmoxFailure.NotFound.class);
  }

  @Test
  void noFailureCarriesAStackOrACause() {
    assertThat(ALL)
        .allSatisfy(
            failure -> {
              assertThat(failure.getStackTrace()).isEmpty();
              assertThat(failure.getCause()).isNull();
            });
  }
}
