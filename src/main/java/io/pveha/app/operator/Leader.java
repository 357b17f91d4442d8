package io.pveha.app.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pveha.core.safety.LeaderLease;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Whether this replica leads, as the Lease says. Without a Lease a single process leads. */
@Singleton
public final class Leader {

  /**
   * The Lease of the replicas.
   *
   * @param replica who holds it when this process leads
   */
  record Election(String namespace, String lease, String replica) {}

  private final Optional<Election> election;
  private final Optional<LeaseWatch> watch;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "lease");
            thread.setDaemon(true);
            return thread;
          });

  @Inject
  Leader(
      KubernetesClient client,
      Clock clock,
      @ConfigProperty(name = "pveha.leader.lease") Optional<String> lease,
      @ConfigProperty(name = "kubernetes.namespace") Optional<String> namespace,
      @ConfigProperty(name = "pod.name") Optional<String> pod) {
    this.election =
        lease.map(
            name ->
                new Election(
                    namespace.orElseGet(() -> client.getConfiguration().getNamespace()),
                    name,
                    pod.filter(self -> !self.isBlank())
                        .orElseGet(() -> UUID.randomUUID().toString())));
    this.watch =
        election.map(
            known ->
                new LeaseWatch(
                    known.replica(), () -> read(client, known), clock, System::nanoTime));
    watch.ifPresent(each -> each.start(timer));
  }

  private static Optional<LeaderLease> read(KubernetesClient client, Election election) {
    return Optional.ofNullable(
            client.leases().inNamespace(election.namespace()).withName(election.lease()).get())
        .map(Lease::getSpec)
        .filter(spec -> spec.getHolderIdentity() != null && spec.getRenewTime() != null)
        .map(spec -> new LeaderLease(spec.getHolderIdentity(), spec.getRenewTime().toInstant()));
  }

  Optional<Election> election() {
    return election;
  }

  /** Whether this process may write to Proxmox now. */
  boolean leads() {
    return watch.isEmpty() || watch.get().isHeld();
  }

  /** It has just got the Lease: it is read at once, so that the next write need not wait. */
  void elected() {
    watch.ifPresent(each -> timer.execute(each::look));
  }

  @PreDestroy
  void end() {
    timer.shutdownNow();
  }
}
