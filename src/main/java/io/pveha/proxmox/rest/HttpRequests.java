package io.pveha.proxmox.rest;

import io.pveha.proxmox.ApiRequest;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.ProxmoxFailure;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Calls of the API as requests of HTTP. */
final class HttpRequests {

  private static final int HIGHEST_PORT = 65535;

  private HttpRequests() {}

  /**
   * A request without proof of who asks.
   *
   * @throws ProxmoxFailure.Unreachable when the endpoint can't be an address
   */
  static Transport.Prepared to(Endpoint endpoint, ApiRequest request) {
    requireAddress(endpoint);
    String form =
        request.parameters().entrySet().stream()
            .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
            .collect(Collectors.joining("&"));
    boolean inBody =
        request.method() == ApiRequest.Method.POST || request.method() == ApiRequest.Method.PUT;
    Transport.Prepared prepared =
        new Transport.Prepared(
            request.method().name(),
            "/api2/json" + request.path() + (inBody || form.isEmpty() ? "" : "?" + form),
            Map.of("Accept", "application/json"),
            inBody ? form : "");
    return inBody ? prepared.with("Content-Type", "application/x-www-form-urlencoded") : prepared;
  }

  private static void requireAddress(Endpoint endpoint) {
    try {
      URI base = new URI("https://" + endpoint.authority());
      if (base.getHost() != null
          && base.getUserInfo() == null
          && base.getPort() > 0
          && base.getPort() <= HIGHEST_PORT) {
        return;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new ProxmoxFailure.Unreachable(endpoint.authority() + " is not a host address");
  }

  /** Spaces as %20, which means the same in paths, queries and forms. */
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
