package io.pveha.simulator.api;

import io.pveha.simulator.api.web.WebRequest;
import io.pveha.simulator.world.NodeHost;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out who sent a request. */
final class Login {

  private static final Pattern TOKEN =
      Pattern.compile("PVEAPIToken[= ]([^!\\s]+![^=:\\s]+)[=:](\\S+)");

  private Login() {}

  /** The caller, by token or ticket; refused with 401 when there is neither or it is no good. */
  static Caller caller(NodeHost host, WebRequest request) {
    Optional<String> header = request.header("Authorization");
    if (header.isPresent() && header.get().startsWith("PVEAPIToken")) {
      return byToken(host, header.get());
    }
    String ticket =
        request
            .cookie("PVEAuthCookie")
            .map(WebRequest::decoded)
            .or(
                () ->
                    header
                        .filter(value -> value.startsWith("PVEAuthCookie="))
                        .map(Login::afterEquals))
            .orElseThrow(() -> ApiFailure.unauthorized("No ticket"));
    return byTicket(host, request, ticket);
  }

  private static String afterEquals(String header) {
    return WebRequest.decoded(header.substring(header.indexOf('=') + 1));
  }

  private static Caller byToken(NodeHost host, String header) {
    Matcher matcher = TOKEN.matcher(header);
    if (!matcher.matches()) {
      throw ApiFailure.unauthorized("no tokenid specified");
    }
    String id = matcher.group(1);
    if (!host.access().checkToken(id, matcher.group(2))) {
      throw ApiFailure.unauthorized("invalid token value!");
    }
    return new Caller(id);
  }

  private static Caller byTicket(NodeHost host, WebRequest request, String ticket) {
    // A plus sign in a cookie is itself; decoding a form would have made it a blank.
    String user =
        Tickets.user(host, ticket.replace(' ', '+'))
            .filter(name -> host.access().isActive(name))
            .orElseThrow(() -> ApiFailure.unauthorized("permission denied - invalid PVE ticket"));
    boolean writes = !request.method().equals("GET");
    String csrf = request.header("CSRFPreventionToken").orElse("");
    if (writes && !Tickets.isCsrfToken(host, user, csrf)) {
      throw ApiFailure.unauthorized("Permission denied - invalid csrf token");
    }
    return new Caller(user);
  }
}
