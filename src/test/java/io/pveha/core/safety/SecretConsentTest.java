package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A Secret is sent to no server whose ProxmoxCluster its owner did not name. */
class SecretConsentTest {

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", ",", "*", "all", "other", "prod2", "PROD", "prod other"})
  void isNotGivenUnlessNamed(String annotation) {
    assertThat(SecretConsent.of(annotation).isGivenTo("prod")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"prod", " prod ", "other,prod", "other, prod ,"})
  void isGivenToThoseNamed(String annotation) {
    assertThat(SecretConsent.of(annotation).isGivenTo("prod")).isTrue();
  }

  @Test
  void namesOneMore() {
    assertThat(SecretConsent.of("test,prod").withGivenTo("lab")).isEqualTo("lab,prod,test");
  }
}
