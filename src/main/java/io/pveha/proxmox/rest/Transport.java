package io.pveha.proxmox.rest;

import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxFailure;
import java.net.http.HttpRequest;

/** Carries requests to one node, and its answers back. Safe for use by several threads. */
public interface Transport {

  /**
   * What a node answered.
   *
   * @param status of HTTP
   * @param body all of it, as it came
   */
  record Reply(int status, byte[] body) {}

  /**
   * Sends a request and waits for all of the answer.
   *
   * @param prepared with the proof of who asks
   * @param request what is asked, for what is said of a failure
   * @throws ProxmoxFailure when no answer came
   */
  Reply send(HttpRequest prepared, ApiRequest request);

  /** Over HTTPS, with the certificate verified as the endpoint says. */
  static Transport https(Endpoint endpoint, Patience patience) {
    return new Exchange(endpoint, patience);
  }
}
