package io.pveha.simulator.api;

import io.pveha.simulator.machine.NodeServices;
import io.pveha.simulator.machine.PveVersion;
import io.pveha.simulator.world.NodeOverview;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Status, time, network, certificates, services and power of one node. */
final class NodeCalls {

  private NodeCalls() {}

  static void register(CallTable table) {
    table.on("GET /nodes/{node}/status", NodeCalls::status);
    table.on("POST /nodes/{node}/status", NodeCalls::power);
    table.on("GET /nodes/{node}/version", ClusterCalls::version);
    table.on("GET /nodes/{node}/time", NodeCalls::time);
    table.on("GET /nodes/{node}/network", NodeCalls::network);
    table.on("GET /nodes/{node}/certificates/info", NodeCalls::certificates);
    table.on("GET /nodes/{node}/services", NodeCalls::services);
    table.on(
        "GET /nodes/{node}/services/{service}",
        call -> Row.index("subdir", "state", "start", "stop", "restart", "reload"));
    table.on("GET /nodes/{node}/services/{service}/state", NodeCalls::service);
    for (String action : List.of("start", "stop", "restart", "reload")) {
      table.on(
          "POST /nodes/{node}/services/{service}/" + action,
          call ->
              call.host()
                  .services()
                  .control(call.user(), call.params().text("service"), action)
                  .toString());
    }
    table.on("POST /nodes/{node}/wakeonlan", NodeCalls::wake);
  }

  private static Object status(Call call) {
    NodeOverview.Figures figures = call.host().overview().figures();
    PveVersion version = call.host().version();
    String machine =
        "Linux " + version.kernel() + " #1 SMP PREEMPT_DYNAMIC PMX " + version.kernel();
    return Row.of("uptime", figures.uptime())
        .put("cpu", figures.cpu())
        .put("wait", 0.0)
        .put("idle", 0)
        .put(
            "loadavg",
            Arrays.stream(figures.loadavg())
                .mapToObj(load -> String.format(Locale.ROOT, "%.2f", load))
                .toList())
        .put("kversion", machine)
        .put(
            "current-kernel",
            Row.of("sysname", "Linux")
                .put("release", version.kernel())
                .put("version", "#1 SMP PREEMPT_DYNAMIC PMX " + version.kernel())
                .put("machine", "x86_64")
                .done())
        .put("boot-info", Row.of("mode", "efi").put("secureboot", false).done())
        .put("pveversion", "pve-manager/" + version.manager() + "/9a1b7c3d5e2f4068")
        .put(
            "cpuinfo",
            Row.of("model", "Simulated CPU")
                .put("sockets", 1)
                .put("cores", figures.maxcpu())
                .put("cpus", figures.maxcpu())
                .put("mhz", "2400.000")
                .put("hvm", "1")
                .put("user_hz", 100)
                .put("flags", "simulated")
                .done())
        .put("memory", memory(figures))
        .put(
            "swap",
            Row.of("total", figures.swapTotal())
                .put("used", figures.swapUsed())
                .put("free", figures.swapTotal() - figures.swapUsed())
                .done())
        .put(
            "rootfs",
            Row.of("total", figures.rootTotal())
                .put("used", figures.rootUsed())
                .put("avail", figures.rootTotal() - figures.rootUsed())
                .put("free", figures.rootTotal() - figures.rootUsed())
                .done())
        .put("ksm", Row.of("shared", 0).done())
        .done();
  }

  private static Object memory(NodeOverview.Figures figures) {
    long free = figures.maxmem() - figures.mem();
    return Row.of("total", figures.maxmem())
        .put("used", figures.mem())
        .put("free", free)
        .put("available", free)
        .done();
  }

  private static Object power(Call call) {
    if (call.params().text("command").equals("reboot")) {
      call.host().services().reboot();
    } else {
      call.host().services().shutdown();
    }
    return null;
  }

  private static Object wake(Call call) {
    String node = call.params().text("node");
    if (node.equals(call.host().name())) {
      throw ApiFailure.badParameter("node", "'" + node + "' is local node, cannot wake my self!");
    }
    return call.host().services().wake(node);
  }

  private static Object time(Call call) {
    long seconds = call.host().clockNow().getEpochSecond();
    return Row.of("time", seconds).put("localtime", seconds).put("timezone", "UTC").done();
  }

  private static Object network(Call call) {
    String type = call.params().text("type", "");
    List<String> addresses = call.host().spec().addresses();
    return Row.each(
        java.util.stream.IntStream.range(0, addresses.size() * 2)
            .filter(at -> wanted(type, at % 2 == 0))
            .boxed()
            .toList(),
        at -> {
          boolean up = call.world().network().isLinkUp(call.host().name(), at / 2);
          Row row = at % 2 == 0 ? bridge(addresses, at / 2) : card(at / 2);
          return row.put("active", up);
        });
  }

  private static boolean wanted(String type, boolean bridge) {
    return switch (type) {
      case "", "include_sdn" -> true;
      case "bridge", "any_bridge", "any_local_bridge" -> bridge;
      case "eth" -> !bridge;
      default -> false;
    };
  }

  private static Row bridge(List<String> addresses, int number) {
    Row row =
        interfaceRow("vmbr" + number, "bridge", "static")
            .put("address", addresses.get(number))
            .put("netmask", "24")
            .put("cidr", addresses.get(number) + "/24")
            .put("bridge_ports", "eno" + (number + 1))
            .put("bridge_stp", "off")
            .put("bridge_fd", "0");
    if (number == 0) {
      row.put("gateway", addresses.get(0).replaceFirst("\\.\\d+$", ".1"));
    }
    return row;
  }

  private static Row card(int number) {
    return interfaceRow("eno" + (number + 1), "eth", "manual").put("exists", true);
  }

  private static Row interfaceRow(String name, String type, String method) {
    return Row.of("iface", name)
        .put("type", type)
        .put("method", method)
        .put("method6", "manual")
        .put("autostart", true)
        .put("families", List.of("inet"))
        .put("priority", 3);
  }

  private static Object certificates(Call call) {
    return call.world().certificates() instanceof NodeCertificates real
        ? real.info(call.host().certificate(), call.host().faults().certificateEnd())
        : List.of();
  }

  private static Row serviceRow(NodeServices.Service service) {
    return Row.of("service", service.name())
        .put("name", service.name())
        .put("desc", service.description())
        .put("state", service.state())
        .put("unit-state", service.unitState())
        .put("active-state", service.activeState());
  }

  private static Object services(Call call) {
    return Row.each(call.host().services().list(), NodeCalls::serviceRow);
  }

  private static Object service(Call call) {
    return serviceRow(call.host().services().service(call.params().text("service"))).done();
  }
}
