package io.pveha.operator.connection;

import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;

/** A node that shows one certificate before it joined and another one afterwards. */
final class EitherCertificate implements ProxmoxApi {

  private final ProxmoxApi after;
  private final ProxmoxApi before;

  EitherCertificate(ProxmoxApi after, ProxmoxApi before) {
    this.after = after;
    this.before = before;
  }

  @Override
  public JsonNode call(ApiRequest request) {
    try {
      return after.call(request);
    } catch (ProxmoxFailure.CertificateMismatch other) {
      // A handshake that failed has carried no request, so asking again repeats nothing.
      return before.call(request);
    }
  }
}
