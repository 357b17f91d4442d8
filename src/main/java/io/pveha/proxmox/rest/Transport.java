package io.pveha.proxmox.rest;

import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.Patience;
import io.pveha.proxmox.ProxmoxFailure;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** Carries requests to one node, and its answers back. Safe for use by several threads. */
public interface Transport {

  /**
   * A request of HTTP.
   *
   * @param target path and query, encoded
   * @param body a form; empty when the parameters are in the query
   */
  record Prepared(String method, String target, Map<String, String> headers, String body) {

    public Prepared {
      headers = Map.copyOf(headers);
    }

    /** With one header more. */
    Prepared with(String header, String value) {
      Map<String, String> more = new TreeMap<>(headers);
      more.put(header, value);
      return new Prepared(method, target, more, body);
    }

    /** Without headers and body, which hold secrets. */
    @Override
    public String toString() {
      return method;
    }
  }

  /**
   * What a node answered.
   *
   * @param status of HTTP
   * @param body all of it, as it came
   */
  record Reply(int status, byte[] body) {}

  /**
   * Sends a request.
   *
   * @param prepared with the proof of who asks
   * @param request what is asked, for what is said of a failure
   * @return all of the answer, or a {@link ProxmoxFailure} when none came
   */
  CompletionStage<Reply> send(Prepared prepared, ApiRequest request);

  /** Over HTTPS, with the certificate verified as the endpoint says. */
  static Transport https(Endpoint endpoint, Patience patience) {
    return new Exchange(endpoint, patience);
  }
}
