package io.pveha.operator.connection;

import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.ProxmoxApi;
import io.pveha.proxmox.ProxmoxFailure;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * Connections that send no write unless this process leads at that moment. No write takes another
 * way, so that none is forgotten.
 *
 * @param leads whether it does
 */
public record LeaderOnly(Connector connector, BooleanSupplier leads) implements Connector {

  @Override
  public ProxmoxApi connect(Endpoint endpoint, Credentials credentials) {
    ProxmoxApi api = connector.connect(endpoint, credentials);
    return request -> {
      if (request.method().isWrite() && !leads.getAsBoolean()) {
        return CompletableFuture.failedStage(
            new ProxmoxFailure.Refused(
                "not sent, since this replica of the operator does not hold the Lease of the leader"
                    + " now"));
      }
      return api.ask(request);
    };
  }
}
