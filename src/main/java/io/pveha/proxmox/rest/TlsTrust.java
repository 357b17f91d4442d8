package io.pveha.proxmox.rest;

import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.ProxmoxFailure;
import io.pveha.proxmox.Trust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Makes Java believe the certificates that a {@link Trust} names, and no others. */
final class TlsTrust {

  private TlsTrust() {}

  /**
   * What verifies the certificate of one node.
   *
   * @throws ProxmoxFailure.CertificateMismatch when the trust given can't be read, so that no
   *     certificate could ever be trusted
   */
  static TrustManager of(Endpoint endpoint) {
    try {
      return trustManager(endpoint.trust());
    } catch (GeneralSecurityException | IOException unusable) {
      throw new ProxmoxFailure.CertificateMismatch(
          "%s can't be trusted: the authorities given are not certificates in PEM form"
              .formatted(endpoint.authority()));
    }
  }

  private static TrustManager trustManager(Trust trust)
      throws GeneralSecurityException, IOException {
    if (trust instanceof Trust.Fingerprint) {
      return new PinnedCertificate(((Trust.Fingerprint) trust).sha256());
    }
    if (trust instanceof Trust.Authorities) {
      return managerFor(authorities(((Trust.Authorities) trust).pem()));
    }
    return managerFor(null);
  }

  private static TrustManager managerFor(KeyStore authorities) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    return factory.getTrustManagers()[0];
  }

  private static KeyStore authorities(String pem) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
      store.setCertificateEntry("authority-" + number++, certificate);
    }
    if (number == 0) {
      throw new GeneralSecurityException("no certificate in the PEM text");
    }
    return store;
  }
}
