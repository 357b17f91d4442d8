package io.pveha.simulator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A plain client of one node, as a person with curl would be; trusts any certificate. */
final class ApiClient {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final String url;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private String csrfToken;
  private Duration patience = Duration.ofSeconds(20);

  ApiClient(String url) {
    this.url = url;
    this.http = HttpClient.newBuilder().sslContext(trusting()).build();
  }

  /** A client of the node at this place in the cluster, logged in as root. */
  static ApiClient root(SimulatedCluster cluster, int node) throws IOException {
    ApiClient client = new ApiClient(cluster.info().nodes().get(node).url());
    client.login("root@pam", cluster.info().rootPassword());
    return client;
  }

  /** A client with the operator's token. */
  static ApiClient operator(SimulatedCluster cluster, int node) {
    ApiClient client = new ApiClient(cluster.info().nodes().get(node).url());
    return client.token(cluster.info().tokenId() + "=" + cluster.info().tokenSecret());
  }

  /** An answer; the body is JSON or a text. */
  record Reply(int status, JsonNode body) {
    JsonNode data() {
      return body.path("data");
    }

    String message() {
      return body.path("message").asText().strip();
    }
  }

  ApiClient token(String token) {
    headers.put("Authorization", "PVEAPIToken=" + token);
    return this;
  }

  ApiClient withoutCsrfToken() {
    csrfToken = null;
    return this;
  }

  ApiClient patience(Duration changed) {
    patience = changed;
    return this;
  }

  Reply login(String user, String password) throws IOException {
    Reply reply = post("/access/ticket", "username", user, "password", password);
    if (reply.status() == 200) {
      String ticket = reply.data().get("ticket").asText();
      String encoded = URLEncoder.encode(ticket, StandardCharsets.UTF_8);
      headers.put("Cookie", "PVEAuthCookie=" + encoded);
      csrfToken = reply.data().get("CSRFPreventionToken").asText();
    }
    return reply;
  }

  Reply get(String path, String... params) throws IOException {
    return send("GET", path, params);
  }

  Reply post(String path, String... params) throws IOException {
    return send("POST", path, params);
  }

  Reply put(String path, String... params) throws IOException {
    return send("PUT", path, params);
  }

  Reply delete(String path, String... params) throws IOException {
    return send("DELETE", path, params);
  }

  /** Sends a JSON body. */
  Reply json(String method, String path, String body) throws IOException {
    return exchanged(
        HttpRequest.newBuilder(URI.create(url + "/api2/json" + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body)),
        method);
  }

  Reply send(String method, String path, String... params) throws IOException {
    StringBuilder form = new StringBuilder();
    for (int at = 0; at < params.length; at += 2) {
      form.append(at == 0 ? "" : "&").append(params[at]).append('=');
      form.append(URLEncoder.encode(params[at + 1], StandardCharsets.UTF_8));
    }
    boolean query = method.equals("GET") || method.equals("DELETE");
    String target = url + "/api2/json" + path + (query && form.length() > 0 ? "?" + form : "");
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target));
    if (query) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request.header("Content-Type", "application/x-www-form-urlencoded");
      request.method(method, HttpRequest.BodyPublishers.ofString(form.toString()));
    }
    return exchanged(request, method);
  }

  private Reply exchanged(HttpRequest.Builder request, String method) throws IOException {
    request.timeout(patience);
    headers.forEach(request::header);
    if (csrfToken != null && !method.equals("GET")) {
      request.header("CSRFPreventionToken", csrfToken);
    }
    try {
      HttpResponse<String> reply = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      boolean json = reply.headers().firstValue("content-type").orElse("").contains("json");
      JsonNode body = json ? JSON.readTree(reply.body()) : JSON.valueToTree(reply.body());
      return new Reply(reply.statusCode(), body);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException(stopped);
    }
  }

  private static SSLContext trusting() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustsAll()}, null);
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
