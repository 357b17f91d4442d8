package io.pveha.proxmox.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.MovableClock;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.Secret;
import io.pveha.proxmox.Trust;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which certificates are believed. */
class TrustTest {

  private static final String OTHER = "AB:".repeat(31) + "AB";

  @Test
  void believesThePinnedCertificateWhateverNameItBears() {
    try (TestNode node = served(TestCertificate.selfSigned("some.where.else"))) {
      assertThat(version(node.pinned())).isEqualTo("9.1.2");
    }
  }

  @Test
  void believesThePinnedCertificateThoughItIsOutOfDate() {
    try (TestNode node = served(TestCertificate.expired("127.0.0.1"))) {
      assertThat(version(node.pinned())).isEqualTo("9.1.2");
    }
  }

  @Test
  void believesAFingerprintInLowerCaseAndWithoutColons() {
    TestCertificate certificate = TestCertificate.selfSigned("127.0.0.1");
    String written = certificate.fingerprint().toLowerCase(Locale.ROOT).replace(":", "");
    try (TestNode node = served(certificate)) {
      assertThat(version(node.endpoint(new Trust.Fingerprint(written)))).isEqualTo("9.1.2");
    }
  }

  @Test
  void refusesAnotherCertificateThanThePinnedOneAndNamesBoth() {
    TestCertificate certificate = TestCertificate.selfSigned("127.0.0.1");
    try (TestNode node = served(certificate)) {
      assertThatThrownBy(() -> version(node.endpoint(new Trust.Fingerprint(OTHER))))
          .isInstanceOf(ProxmoxFailure.CertificateMismatch.class)
          .hasMessageContaining(OTHER)
          .hasMessageContaining(certificate.fingerprint());
      assertThat(node.asked()).isEmpty();
    }
  }

  @Test
  void sendsNoWriteToANodeWithAnotherCertificate() {
    try (TestNode node = served(TestCertificate.selfSigned("127.0.0.1"))) {
      assertThatThrownBy(
              () ->
                  connection(node.endpoint(new Trust.Fingerprint(OTHER)))
                      .call(ApiRequest.post("/cluster/config")))
          .isInstanceOf(ProxmoxFailure.CertificateMismatch.class);
      assertThat(node.asked()).isEmpty();
    }
  }

  @Test
  void believesWhatTheGivenAuthoritySigned() {
    TestCertificate authority = TestCertificate.authority();
    try (TestNode node = served(authority.signs("127.0.0.1"))) {
      assertThat(version(node.endpoint(new Trust.Authorities(authority.pem())))).isEqualTo("9.1.2");
    }
  }

  @Test
  void refusesWhatTheGivenAuthoritySignedForAnotherHost() {
    TestCertificate authority = TestCertificate.authority();
    try (TestNode node = served(authority.signs("some.where.else"))) {
      assertThatThrownBy(() -> version(node.endpoint(new Trust.Authorities(authority.pem()))))
          .isInstanceOf(ProxmoxFailure.CertificateMismatch.class);
      assertThat(node.asked()).isEmpty();
    }
  }

  @Test
  void refusesWhatAnotherAuthoritySigned() {
    try (TestNode node = served(TestCertificate.authority().signs("127.0.0.1"))) {
      String others = TestCertificate.authority().pem();
      assertThatThrownBy(() -> version(node.endpoint(new Trust.Authorities(others))))
          .isInstanceOf(ProxmoxFailure.CertificateMismatch.class);
    }
  }

  @Test
  void refusesSelfSignedCertificatesUnlessToldOtherwise() {
    try (TestNode node = served(TestCertificate.selfSigned("127.0.0.1"))) {
      assertThatThrownBy(() -> version(node.endpoint(new Trust.SystemAuthorities())))
          .isInstanceOf(ProxmoxFailure.CertificateMismatch.class);
      assertThat(node.asked()).isEmpty();
    }
  }

  /** With the token a header would give it away, with the password of root the very first call. */
  @ParameterizedTest
  @MethodSource("wrongCertificates")
  void noByteOfASecretReachesWhoShowsAWrongCertificate(
      TestCertificate shown, Trust trust, Credentials credentials) {
    try (TestNode node = served(shown)) {
      NodeConnection connection =
          new NodeConnection(
              node.endpoint(trust), credentials, Patience.DEFAULT, new MovableClock());

      for (ApiRequest request :
          List.of(ApiRequest.get("/version"), ApiRequest.post("/cluster/config/join"))) {
        assertThatThrownBy(() -> connection.call(request))
            .isInstanceOf(ProxmoxFailure.CertificateMismatch.class);
      }

      assertThat(node.asked()).isEmpty();
    }
  }

  private static Stream<Arguments> wrongCertificates() {
    TestCertificate selfSigned = TestCertificate.selfSigned("127.0.0.1");
    TestCertificate authority = TestCertificate.authority();
    List<Credentials> secrets =
        List.of(
            new Credentials.ApiToken("o@pve!t", new Secret("secret-of-the-token")),
            new Credentials.Login("root@pam", new Secret("password-of-root")));
    return secrets.stream()
        .flatMap(
            secret ->
                Stream.of(
                    Arguments.of(selfSigned, new Trust.Fingerprint(OTHER), secret),
                    Arguments.of(selfSigned, new Trust.SystemAuthorities(), secret),
                    Arguments.of(selfSigned, new Trust.Authorities(authority.pem()), secret),
                    Arguments.of(
                        authority.signs("some.where.else"),
                        new Trust.Authorities(authority.pem()),
                        secret),
                    Arguments.of(
                        TestCertificate.authority().signs("127.0.0.1"),
                        new Trust.Authorities(authority.pem()),
                        secret)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no PEM",
        "-----BEGIN CERTIFICATE-----\nTm8gY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n"
      })
  void refusesTextThatIsNoCertificateWhenItIsUsed(String text) {
    Endpoint endpoint = new Endpoint("127.0.0.1", 8006, new Trust.Authorities(text));
    NodeConnection connection = connection(endpoint);
    assertThatThrownBy(() -> connection.call(ApiRequest.get("/version")))
        .isInstanceOf(ProxmoxFailure.CertificateMismatch.class)
        .hasMessage(
            "127.0.0.1:8006 can't be trusted: the authorities given are not certificates in PEM"
                + " form");
  }

  private static TestNode served(TestCertificate certificate) {
    return TestNode.https(
        certificate, asked -> TestNode.json(200, "{\"data\":{\"version\":\"9.1.2\"}}"));
  }

  private static String version(Endpoint endpoint) {
    return connection(endpoint).call(ApiRequest.get("/version")).path("version").asText();
  }

  private static NodeConnection connection(Endpoint endpoint) {
    return new NodeConnection(
        endpoint,
        new Credentials.ApiToken("o@pve!t", new Secret("s")),
        Patience.DEFAULT,
        new MovableClock());
  }
}
