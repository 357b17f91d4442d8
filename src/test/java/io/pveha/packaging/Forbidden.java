package io.pveha.packaging;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests that the API server has refused as forbidden, by its own count. */
final class Forbidden {

  private static final Pattern COUNTED =
      Pattern.compile(
          "^(apiserver_request_total\\{[^}]*code=\"403\"[^}]*}) (\\S+)$", Pattern.MULTILINE);

  private Forbidden() {}

  /** Kind of request to how many there were since the server started. */
  static Map<String, Double> counted(KubernetesClient admin) {
    Map<String, Double> counts = new TreeMap<>();
    Matcher line = COUNTED.matcher(admin.raw("/metrics"));
    while (line.find()) {
      counts.put(line.group(1), Double.parseDouble(line.group(2)));
    }
    return counts;
  }
}
