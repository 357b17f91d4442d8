package io.pveha.app.demo;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceStatus.Failover;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterStatus.GuestReadiness;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the operator itself says of a failover: before, as a prediction; afterwards, its receipt.
 */
final class OperatorReport {

  private final KubernetesClient client;
  private final String namespace;
  private final String sid;

  OperatorReport(KubernetesClient client, String namespace, String sid) {
    this.client = client;
    this.namespace = namespace;
    this.sid = sid;
  }

  /** What would become of the guest if the node were lost now, as far as it is known. */
  Optional<DemoReport.Foretold> ifLost(String node) {
    return client.resources(ProxmoxCluster.class).inNamespace(namespace).list().getItems().stream()
        .flatMap(cluster -> cluster.reported().failoverReadiness().stream())
        .filter(loss -> loss.node().equals(node))
        .flatMap(loss -> loss.guests().stream())
        .filter(guest -> guest.guest().equals(sid))
        .findFirst()
        .filter(guest -> guest.target() != null && guest.outageSeconds() != null)
        .map(OperatorReport::foretold);
  }

  private static DemoReport.Foretold foretold(GuestReadiness guest) {
    return new DemoReport.Foretold(guest.target(), guest.outageSeconds());
  }

  /** The latest entry of the guest's ledger, if it is of this failover. */
  Optional<DemoReport.Receipt> receipt(String from, String to) {
    return failovers()
        .findFirst()
        .filter(entry -> from.equals(entry.from()) && to.equals(entry.to()))
        .map(
            entry ->
                new DemoReport.Receipt(
                    word(entry.cause()),
                    entry.outageSeconds(),
                    entry.predictedOutageSeconds(),
                    entry.phases().stream().map(phase -> word(phase.phase())).toList()));
  }

  /** As the API spells it. */
  private static String word(Enum<?> constant) {
    return Arrays.stream(constant.name().split("_"))
        .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  private Stream<Failover> failovers() {
    List<HaResource> resources =
        client.resources(HaResource.class).inNamespace(namespace).list().getItems();
    return resources.stream()
        .filter(resource -> resource.getSpec().guest().sid().equals(sid))
        .flatMap(resource -> resource.reported().failovers().stream());
  }
}
