package io.pveha.simulator.api;

import io.pveha.simulator.machine.Certificates;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificates behind the names that the world uses: each database (stand-alone node or
 * cluster) has an authority of its own, which signs those of its nodes.
 */
final class NodeCertificates implements Certificates {

  private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2045-01-01T00:00:00Z");
  private static final char[] NO_PASSWORD = new char[0];

  private final Map<String, Signed> authorities = new HashMap<>();
  private final Map<Certificate, Signed> nodes = new HashMap<>();
  private final Map<String, List<String>> addresses;
  private final SecureRandom random = new SecureRandom();
  private long serial = 1;

  private record Signed(KeyPair keys, X509Certificate certificate) {}

  /**
   * Makes them when they are asked for.
   *
   * @param addresses of each node, beside 127.0.0.1 and its name
   */
  NodeCertificates(Map<String, List<String>> addresses) {
    this.addresses = Map.copyOf(addresses);
  }

  @Override
  public String fingerprint(Certificate certificate) {
    return fingerprint(signed(certificate).certificate());
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.ofDelimiter(":").formatHex(digest).toUpperCase(Locale.ROOT);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The authority's certificate in PEM, as in {@code /etc/pve/pve-root-ca.pem}. */
  String authorityPem(Certificate certificate) {
    return pem(authority(certificate.authority()).certificate());
  }

  /** What the HTTPS server of a node needs. */
  SSLContext context(Certificate certificate) {
    try {
      Signed node = signed(certificate);
      X509Certificate[] chain = {
        node.certificate(), authority(certificate.authority()).certificate()
      };
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("node", node.keys().getPrivate(), NO_PASSWORD, chain);
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, NO_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, random);
      return context;
    } catch (GeneralSecurityException | IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The rows of {@code certificates/info}. */
  List<Map<String, Object>> info(Certificate certificate, Optional<Instant> saidToEnd) {
    Map<String, Object> own =
        new LinkedHashMap<>(row("pve-ssl.pem", signed(certificate).certificate()));
    saidToEnd.ifPresent(end -> own.put("notafter", end.getEpochSecond()));
    return List.of(row("pve-root-ca.pem", authority(certificate.authority()).certificate()), own);
  }

  private static Map<String, Object> row(String file, X509Certificate certificate) {
    try {
      List<String> names = new ArrayList<>();
      if (certificate.getSubjectAlternativeNames() != null) {
        certificate.getSubjectAlternativeNames().forEach(name -> names.add(name.get(1).toString()));
      }
      return Row.of("filename", file)
          .put("fingerprint", fingerprint(certificate))
          .put("subject", "/" + certificate.getSubjectX500Principal().getName().replace(",", "/"))
          .put("issuer", "/" + certificate.getIssuerX500Principal().getName().replace(",", "/"))
          .put("notbefore", certificate.getNotBefore().toInstant().getEpochSecond())
          .put("notafter", certificate.getNotAfter().toInstant().getEpochSecond())
          .put("pem", pem(certificate))
          .put("public-key-type", "id-ecPublicKey")
          .put("public-key-bits", 256)
          .put("san", names)
          .done();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String pem(X509Certificate certificate) {
    try {
      String text =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
      return "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private synchronized Signed authority(String name) {
    return authorities.computeIfAbsent(
        name,
        missing -> {
          X500Name subject = new X500Name("CN=Proxmox Virtual Environment,OU=" + missing);
          KeyPair keys = keys();
          return sign(subject, keys, subject, keys, List.of());
        });
  }

  private synchronized Signed signed(Certificate certificate) {
    Signed issuer = authority(certificate.authority());
    return nodes.computeIfAbsent(
        certificate,
        missing -> {
          X500Name issuerName =
              X500Name.getInstance(issuer.certificate().getSubjectX500Principal().getEncoded());
          List<GeneralName> names = new ArrayList<>();
          names.add(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
          addresses
              .getOrDefault(missing.node(), List.of())
              .forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address)));
          names.add(new GeneralName(GeneralName.dNSName, "localhost"));
          names.add(new GeneralName(GeneralName.dNSName, missing.node()));
          X500Name subject = new X500Name("OU=PVE Cluster Node,CN=" + missing.node());
          return sign(subject, keys(), issuerName, issuer.keys(), names);
        });
  }

  private KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private Signed sign(
      X500Name subject,
      KeyPair keys,
      X500Name issuer,
      KeyPair issuerKeys,
      List<GeneralName> names) {
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(serial++),
              Date.from(FROM),
              Date.from(UNTIL),
              subject,
              keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(names.isEmpty()));
      if (!names.isEmpty()) {
        GeneralNames all = new GeneralNames(names.toArray(GeneralName[]::new));
        builder.addExtension(Extension.subjectAlternativeName, false, all);
      }
      X509Certificate certificate =
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder("SHA256withECDSA")
                          .build(issuerKeys.getPrivate())));
      return new Signed(keys, certificate);
    } catch (GeneralSecurityException | OperatorCreationException | IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
