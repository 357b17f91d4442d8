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
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Makes Java believe the certificates that a {@link Trust} names, and no others. */
final class TlsContexts {

  private TlsContexts() {}

  /**
   * For one node.
   *
   * @throws ProxmoxFailure.CertificateMismatch when the trust given can't be read, so that no
   *     certificate could ever be trusted
   */
  static SSLContext of(Endpoint endpoint) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trustManagers(endpoint.trust()), null);
      return context;
    } catch (GeneralSecurityException | IOException unusable) {
      throw new ProxmoxFailure.CertificateMismatch(
          "%s can't be trusted: the authorities given are not certificates in PEM form"
              .formatted(endpoint.authority()));
    }
  }

  private static TrustManager[] trustManagers(Trust trust)
      throws GeneralSecurityException, IOException {
    if (trust instanceof Trust.Fingerprint) {
      return new TrustManager[] {new PinnedCertificate(((Trust.Fingerprint) trust).sha256())};
    }
    if (trust instanceof Trust.Authorities) {
      return managersFor(authorities(((Trust.Authorities) trust).pem()));
    }
    return managersFor(null);
  }

  private static TrustManager[] managersFor(KeyStore authorities) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    return factory.getTrustManagers();
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
