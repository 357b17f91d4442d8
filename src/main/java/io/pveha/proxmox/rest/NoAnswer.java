package io.pveha.proxmox.rest;

import io.netty.handler.ssl.NotSslRecordException;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.ProxmoxFailure;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * Why no answer came, and whether the request may have been carried out. As long as there is no
 * proof that it was never sent, a write counts as lost, not as not done.
 */
final class NoAnswer {

  private final Endpoint endpoint;
  private final ApiRequest request;
  private final Duration patience;

  NoAnswer(Endpoint endpoint, ApiRequest request, Duration patience) {
    this.endpoint = endpoint;
    this.request = request;
    this.patience = patience;
  }

  ProxmoxFailure because(Throwable failure) {
    if (failure instanceof ProxmoxFailure) {
      return (ProxmoxFailure) failure;
    }
    if (failure instanceof TimeoutException) {
      return perhapsSent("did not answer within %d s".formatted(Math.max(1, patience.toSeconds())));
    }
    Optional<CertificateException> certificate = within(failure, CertificateException.class);
    if (certificate.isPresent()) {
      return distrust(certificate.get());
    }
    if (within(failure, UnknownHostException.class).isPresent()) {
      return new ProxmoxFailure.Unreachable("there is no host " + endpoint.host());
    }
    if (within(failure, ConnectException.class).isPresent()
        || within(failure, NoRouteToHostException.class).isPresent()) {
      return new ProxmoxFailure.Unreachable(
          "%s does not accept connections".formatted(endpoint.authority()));
    }
    if (within(failure, Exchange.TooLong.class).isPresent()) {
      String endless = "%s sends an answer without end".formatted(endpoint.authority());
      return request.method().isWrite()
          ? new ProxmoxFailure.ConnectionLost(endless)
          : new ProxmoxFailure.NotProxmox(endless);
    }
    Optional<SSLException> tls = within(failure, SSLException.class);
    if (within(failure, NotSslRecordException.class).isPresent()) {
      return new ProxmoxFailure.NotProxmox(endpoint.authority() + " does not speak TLS");
    }
    if (tls.filter(SSLHandshakeException.class::isInstance).isPresent()) {
      // A handshake that fails has carried no request.
      return new ProxmoxFailure.Unreachable(endpoint.authority() + " broke off the TLS handshake");
    }
    return perhapsSent("closed the connection without an answer");
  }

  private ProxmoxFailure distrust(CertificateException why) {
    return new ProxmoxFailure.CertificateMismatch(
        "%s is not trusted: %s"
            .formatted(
                endpoint.authority(),
                why instanceof PinnedCertificate.Mismatch
                    ? why.getMessage()
                    : "its certificate is of no trusted authority or for another host name"));
  }

  private ProxmoxFailure perhapsSent(String what) {
    String message = "%s %s (%s)".formatted(endpoint.authority(), what, request);
    return request.method().isWrite()
        ? new ProxmoxFailure.ConnectionLost(message)
        : new ProxmoxFailure.Unreachable(message);
  }

  private static <T extends Throwable> Optional<T> within(Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
    }
    return Optional.empty();
  }
}
