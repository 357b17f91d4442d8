package io.pveha.proxmox;

/**
 * Where a node's API answers.
 *
 * @param host host name or IP address, an IPv6 address without brackets
 */
public record Endpoint(String host, int port, Trust trust) {

  /** For a URL or a message: {@code host:port}. */
  public String authority() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  @Override
  public String toString() {
    return authority();
  }
}
