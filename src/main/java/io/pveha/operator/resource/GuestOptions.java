package io.pveha.operator.resource;

import io.pveha.core.guest.WantedGuest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A new guest in the words of Proxmox's API. */
final class GuestOptions {

  private GuestOptions() {}

  static Map<String, Object> of(WantedGuest guest, WantedGuest.Create how) {
    Map<String, Object> options = new TreeMap<>();
    options.put("cores", how.cores());
    options.put("memory", how.memoryMiB());
    if (how.start()) {
      options.put("start", true);
    }
    String disk =
        how.storage().isPresent() && how.diskGiB().isPresent()
            ? how.storage().get() + ":" + how.diskGiB().getAsLong()
            : null;
    if (guest.container()) {
      options.put("hostname", how.hostname());
      how.template().ifPresent(template -> options.put("ostemplate", template));
      options.put("unprivileged", how.unprivileged());
      if (disk != null) {
        options.put("rootfs", disk);
      }
    } else {
      options.put("name", how.hostname());
      if (disk != null) {
        options.put("scsihw", "virtio-scsi-pci");
        options.put("scsi0", disk);
        options.put("boot", "order=scsi0");
      }
    }
    List<WantedGuest.Network> network = how.network();
    for (int i = 0; i < network.size(); i++) {
      options.put(
          "net" + i, guest.container() ? container(network.get(i), i) : machine(network.get(i)));
    }
    return options;
  }

  private static String container(WantedGuest.Network network, int index) {
    StringBuilder text = new StringBuilder("name=" + network.name().orElse("eth" + index));
    text.append(",bridge=").append(network.bridge());
    network.ip().ifPresent(ip -> text.append(",ip=").append(ip));
    network.gateway().ifPresent(gateway -> text.append(",gw=").append(gateway));
    network.vlan().ifPresent(vlan -> text.append(",tag=").append(vlan));
    return text.toString();
  }

  private static String machine(WantedGuest.Network network) {
    return "virtio,bridge="
        + network.bridge()
        + (network.vlan().isPresent() ? ",tag=" + network.vlan().getAsInt() : "");
  }
}
