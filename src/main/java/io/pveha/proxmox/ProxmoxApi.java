package io.pveha.proxmox;

import com.fasterxml.jackson.databind.JsonNode;

/** The one seam through which Proxmox is asked. */
public interface ProxmoxApi {

  /**
   * Asks, and waits for the answer.
   *
   * @return the {@code data} of the answer; a null node where Proxmox answers nothing
   * @throws ProxmoxFailure when there is no good answer; its type says what may be concluded
   */
  JsonNode call(ApiRequest request);
}
