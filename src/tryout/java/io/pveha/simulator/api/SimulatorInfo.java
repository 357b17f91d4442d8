package io.pveha.simulator.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client has to know to use a simulated cluster.
 *
 * @param pve release
 * @param speed simulated seconds per real second; 0 when virtual
 * @param nodes in the order of their ids
 * @param rootPassword of {@code root@pam} on every node
 * @param tokenId an API token with the operator's privileges, known to the first node
 * @param tokenSecret its secret
 * @param admin URL of the administration
 * @param page URL of the page for browsers
 * @param guestPorts the page of guest N is at this port plus N
 */
public record SimulatorInfo(
    String pve,
    double speed,
    List<Node> nodes,
    String rootPassword,
    String tokenId,
    String tokenSecret,
    String admin,
    String page,
    int guestPorts) {

  /**
   * A node.
   *
   * @param name host name
   * @param url of its API, without a path
   * @param address the same as {@code host:port}
   * @param ip its address inside the simulated network
   * @param fingerprint of the certificate that it serves at the start; changes when it joins
   */
  public record Node(String name, String url, String address, String ip, String fingerprint) {}

  public SimulatorInfo {
    nodes = List.copyOf(nodes);
  }

  /** The text of {@code --info}: JSON. */
  public String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("pve", pve);
    all.put("speed", speed);
    all.put("nodes", nodes);
    all.put("rootPassword", rootPassword);
    all.put("token", tokenId + "=" + tokenSecret);
    all.put("tokenId", tokenId);
    all.put("tokenSecret", tokenSecret);
    all.put("admin", admin);
    all.put("page", page);
    all.put("guestPorts", guestPorts);
    return Json.plain(all);
  }

  @Override
  public String toString() {
    return "SimulatorInfo[" + pve + ", " + nodes + ", " + admin + "]";
  }
}
