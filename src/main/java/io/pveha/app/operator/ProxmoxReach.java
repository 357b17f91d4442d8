package io.pveha.app.operator;

import io.pveha.operator.steps.Shop;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Alive as long as watchers run. A Proxmox cluster that does not answer is no reason to restart the
 * operator: it is shown in the conditions of its ProxmoxCluster.
 */
@Liveness
public class ProxmoxReach implements HealthCheck {

  private final Shop shop;

  @Inject
  ProxmoxReach(Shop shop) {
    this.shop = shop;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("watchers")
        .withData("clusters", shop.watchers().count())
        .withData("notListedYet", String.join(", ", shop.lists().missing()))
        .withData("notWatched", String.join(", ", shop.lists().silent()))
        .status(shop.watchers().isRunning())
        .build();
  }
}
