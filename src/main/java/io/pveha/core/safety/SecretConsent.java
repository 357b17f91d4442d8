package io.pveha.core.safety;

import java.util.Arrays;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which ProxmoxClusters the owner of a Secret lets use it. Whoever writes a ProxmoxCluster chooses
 * the hosts that the Secret is sent to; without the Secret's own word he could have any Secret of
 * the namespace sent to a host of his.
 *
 * @param clusters names of ProxmoxClusters in the namespace of the Secret
 */
public record SecretConsent(Collection<String> clusters) {

  public SecretConsent {
    clusters = new TreeSet<>(clusters);
  }

  /** Reads the annotation; nobody is named by one that is missing, blank, or odd. */
  public static SecretConsent of(String annotation) {
    return new SecretConsent(
        annotation == null
            ? new TreeSet<>()
            : Arrays.stream(annotation.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet()));
  }

  /** Whether that ProxmoxCluster may use it; there is no name for all. */
  public boolean isGivenTo(String cluster) {
    return clusters.contains(cluster);
  }

  /** The annotation that gives it to that one as well. */
  public String withGivenTo(String cluster) {
    SortedSet<String> all = new TreeSet<>(clusters);
    all.add(cluster);
    return String.join(",", all);
  }
}
