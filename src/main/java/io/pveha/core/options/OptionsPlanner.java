package io.pveha.core.options;

import io.pveha.core.plan.Gate;
import io.pveha.core.plan.Memory;
import io.pveha.core.plan.Plan;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Plans the HA options of a cluster. Options and parts that nobody asked for are never touched. */
public final class OptionsPlanner {

  private OptionsPlanner() {}

  /**
   * Plans.
   *
   * @param options as Proxmox has them, by name; what is not set is missing
   */
  public static Plan<SetOption> plan(
      WantedOptions wanted,
      Map<String, String> options,
      Memory memory,
      Instant factsAt,
      Instant now) {
    Gate<SetOption> gate = new Gate<>(memory, factsAt, now);
    String crs = options.getOrDefault("crs", "");
    String wantedCrs = set(crs, "ha", wanted.scheduler(), "basic");
    wantedCrs =
        set(
            wantedCrs,
            "ha-rebalance-on-start",
            wanted.rebalanceOnStart().map(on -> on ? "1" : "0"),
            "0");
    if (!wantedCrs.equals(crs)) {
      gate.want(new SetOption("crs", wantedCrs));
    }
    String ha = options.getOrDefault("ha", "");
    String wantedHa = set(ha, "shutdown_policy", wanted.shutdownPolicy(), "conditional");
    if (!wantedHa.equals(ha)) {
      gate.want(new SetOption("ha", wantedHa));
    }
    return gate.plan();
  }

  private static String set(String text, String key, Optional<String> wanted, String whenMissing) {
    boolean right =
        wanted.isEmpty() || OptionText.value(text, key).orElse(whenMissing).equals(wanted.get());
    return right ? text : OptionText.with(text, key, wanted.get());
  }
}
