package io.pveha.proxmox.rest;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate with its key, signed by an authority or by itself. */
record TestCertificate(X509Certificate certificate, KeyPair keys) {

  private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");

  /** An authority that may sign others. */
  static TestCertificate authority() {
    return make("CN=authority", null, null, Duration.ofDays(365 * 50));
  }

  /** For this host name or IP address, signed by itself. */
  static TestCertificate selfSigned(String host) {
    return make("CN=node", host, null, Duration.ofDays(365 * 50));
  }

  /** Ended long ago. */
  static TestCertificate expired(String host) {
    return make("CN=node", host, null, Duration.ofDays(1));
  }

  /** For this host name or IP address, signed by this authority. */
  TestCertificate signs(String host) {
    return make("CN=node", host, this, Duration.ofDays(365 * 50));
  }

  private static TestCertificate make(
      String name, String host, TestCertificate authority, Duration life) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair keys = generator.generateKeyPair();
      X500Name subject = new X500Name(name);
      X500Name issuer = authority == null ? subject : new X500Name("CN=authority");
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(keys.getPublic().hashCode() & 0xffffffL),
              Date.from(FROM),
              Date.from(FROM.plus(life)),
              subject,
              keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(host == null));
      if (host != null) {
        boolean ip = host.matches("[0-9.]+");
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                new GeneralName(ip ? GeneralName.iPAddress : GeneralName.dNSName, host)));
      }
      KeyPair signing = authority == null ? keys : authority.keys();
      return new TestCertificate(
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder("SHA256withECDSA").build(signing.getPrivate()))),
          keys);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  String fingerprint() {
    try {
      return PinnedCertificate.fingerprint(certificate);
    } catch (java.security.cert.CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  String pem() {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (java.security.cert.CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  SSLContext serving() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "node", keys.getPrivate(), new char[0], new X509Certificate[] {certificate});
      KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
      factory.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), null, null);
      return context;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
