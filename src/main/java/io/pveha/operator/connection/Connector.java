package io.pveha.operator.connection;

import io.pveha.proxmox.Credentials;
import io.pveha.proxmox.Endpoint;
import io.pveha.proxmox.ProxmoxApi;

/** Makes connections; none is used before the first call. */
@FunctionalInterface
public interface Connector {
  ProxmoxApi connect(Endpoint endpoint, Credentials credentials);
}
