package io.pveha.simulator.config;

import io.pveha.core.ha.DatacenterOptions;
import io.pveha.core.ha.DatacenterOptions.Crs;
import io.pveha.core.ha.DatacenterOptions.Method;
import io.pveha.core.ha.RequestedState;
import io.pveha.core.ha.ServiceConfig;
import io.pveha.core.placement.HaGroup;
import io.pveha.core.placement.HaRule;
import io.pveha.core.placement.NodeAffinityRule;
import io.pveha.core.placement.ResourceAffinityRule;
import io.pveha.core.placement.ResourceAffinityRule.Affinity;
import io.pveha.core.placement.SchedulerMode;
import io.pveha.core.placement.ServiceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Between the HA files of the configuration and what the HA core reads. */
public final class HaEntries {

  private HaEntries() {}

  /** All resources whose guest exists. */
  public static SortedMap<ServiceId, ServiceConfig> services(ClusterConfig config) {
    SortedMap<ServiceId, ServiceConfig> services = new TreeMap<>();
    config
        .section(Section.HA_RESOURCES)
        .forEach(
            (sid, entry) ->
                GuestConfig.node(config, GuestConfig.vmid(sid))
                    .ifPresent(node -> services.put(ServiceId.of(sid), service(node, entry))));
    return services;
  }

  static ServiceConfig service(String node, Map<String, String> entry) {
    return new ServiceConfig(
        node,
        requested(entry),
        entry.get("group"),
        !"0".equals(entry.get("failback")),
        number(entry, "max_restart"),
        number(entry, "max_relocate"));
  }

  public static RequestedState requested(Map<String, String> entry) {
    return RequestedState.ofWord(entry.getOrDefault("state", "started"));
  }

  public static int number(Map<String, String> entry, String key) {
    return Integer.parseInt(entry.getOrDefault(key, "1"));
  }

  /** Writes what differs between two readings of one service. */
  public static ClusterConfig changed(
      ClusterConfig config, String sid, ServiceConfig before, ServiceConfig after) {
    ClusterConfig result = config;
    if (before.state() != after.state()) {
      result = result.with(Section.HA_RESOURCES, sid, "state", after.state().word());
    }
    if (before.failback() != after.failback()) {
      result = result.with(Section.HA_RESOURCES, sid, "failback", after.failback() ? null : "0");
    }
    if (before.group() != null && after.group() == null) {
      result = result.with(Section.HA_RESOURCES, sid, "group", null);
    }
    if (!before.node().equals(after.node())) {
      result = GuestConfig.moved(result, GuestConfig.vmid(sid), after.node());
    }
    return result;
  }

  public static List<HaRule> rules(ClusterConfig config) {
    List<HaRule> rules = new ArrayList<>();
    config.section(Section.HA_RULES).forEach((id, entry) -> rules.add(rule(id, entry)));
    return rules;
  }

  public static HaRule rule(String id, Map<String, String> entry) {
    SortedSet<ServiceId> resources = new TreeSet<>();
    for (String sid : words(entry.getOrDefault("resources", ""))) {
      resources.add(ServiceId.of(sid));
    }
    boolean disabled = "1".equals(entry.get("disable"));
    if ("resource-affinity".equals(entry.get("type"))) {
      Affinity affinity =
          "positive".equals(entry.get("affinity")) ? Affinity.POSITIVE : Affinity.NEGATIVE;
      return new ResourceAffinityRule(id, resources, affinity, disabled, entry.get("comment"));
    }
    return new NodeAffinityRule(
        id,
        resources,
        nodes(entry.getOrDefault("nodes", "")),
        "1".equals(entry.get("strict")),
        disabled,
        entry.get("comment"),
        "negative".equals(entry.get("affinity")));
  }

  public static Map<String, String> entry(HaRule rule) {
    Map<String, String> entry = new LinkedHashMap<>();
    entry.put(
        "resources", String.join(",", rule.resources().stream().map(ServiceId::value).toList()));
    if (rule.disabled()) {
      entry.put("disable", "1");
    }
    if (!rule.comment().isEmpty()) {
      entry.put("comment", rule.comment());
    }
    if (rule instanceof NodeAffinityRule affinity) {
      entry.put("type", "node-affinity");
      List<String> nodes = new ArrayList<>();
      affinity
          .nodes()
          .forEach((node, priority) -> nodes.add(priority == 0 ? node : node + ":" + priority));
      entry.put("nodes", String.join(",", nodes));
      if (affinity.strict()) {
        entry.put("strict", "1");
      }
      if (affinity.negative()) {
        entry.put("affinity", "negative");
      }
    } else if (rule instanceof ResourceAffinityRule affinity) {
      entry.put("type", "resource-affinity");
      entry.put("affinity", affinity.isPositive() ? "positive" : "negative");
    }
    return entry;
  }

  public static SortedMap<String, HaGroup> groups(ClusterConfig config) {
    SortedMap<String, HaGroup> groups = new TreeMap<>();
    config
        .section(Section.HA_GROUPS)
        .forEach(
            (id, entry) ->
                groups.put(
                    id,
                    new HaGroup(
                        id,
                        nodes(entry.getOrDefault("nodes", "")),
                        "1".equals(entry.get("restricted")),
                        "1".equals(entry.get("nofailback")),
                        entry.get("comment"))));
    return groups;
  }

  public static DatacenterOptions datacenter(ClusterConfig config) {
    SortedMap<String, String> options =
        config.entry(Section.DATACENTER, "datacenter").orElseGet(TreeMap::new);
    Map<String, String> ha = propertyString(options.getOrDefault("ha", ""), "");
    Map<String, String> crs = propertyString(options.getOrDefault("crs", ""), "ha");
    Crs standard = Crs.DEFAULT;
    Crs parsed =
        new Crs(
            SchedulerMode.valueOf(
                crs.getOrDefault("ha", "basic").toUpperCase(java.util.Locale.ROOT)),
            "1".equals(crs.get("ha-rebalance-on-start")),
            "1".equals(crs.get("ha-auto-rebalance")),
            "topsis".equals(crs.get("ha-auto-rebalance-method"))
                ? Method.TOPSIS
                : Method.BRUTEFORCE,
            percent(crs.get("ha-auto-rebalance-threshold"), standard.threshold()),
            Integer.parseInt(
                crs.getOrDefault(
                    "ha-auto-rebalance-hold-duration", Integer.toString(standard.holdRounds()))),
            percent(crs.get("ha-auto-rebalance-margin"), standard.margin()));
    return new DatacenterOptions(ha.getOrDefault("shutdown_policy", "conditional"), parsed);
  }

  /** Newer releases write 30 where older ones wrote 0.3. */
  private static double percent(String text, double otherwise) {
    if (text == null) {
      return otherwise;
    }
    double value = Double.parseDouble(text);
    return value > 1 ? value / 100 : value;
  }

  static Map<String, String> propertyString(String text, String defaultKey) {
    Map<String, String> properties = new TreeMap<>();
    for (String part : text.split(",")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        properties.put(part.substring(0, equals), part.substring(equals + 1));
      } else if (!part.isBlank()) {
        properties.put(defaultKey, part);
      }
    }
    return properties;
  }

  public static SortedMap<String, Integer> nodes(String list) {
    SortedMap<String, Integer> nodes = new TreeMap<>();
    for (String word : words(list)) {
      int colon = word.indexOf(':');
      nodes.put(
          colon < 0 ? word : word.substring(0, colon),
          colon < 0 ? 0 : Integer.parseInt(word.substring(colon + 1)));
    }
    return nodes;
  }

  public static List<String> words(String list) {
    List<String> words = new ArrayList<>();
    for (String word : list.split("[,;\\s]+")) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }

  /** Without the resource, and with {@code purge} without its mention in rules. */
  public static ClusterConfig withoutResource(ClusterConfig config, String sid, boolean purge) {
    ClusterConfig changed = config.without(Section.HA_RESOURCES, sid);
    if (!purge) {
      return changed;
    }
    for (var rule : config.section(Section.HA_RULES).entrySet()) {
      List<String> resources = words(rule.getValue().getOrDefault("resources", ""));
      if (resources.remove(sid)) {
        changed =
            resources.isEmpty()
                ? changed.without(Section.HA_RULES, rule.getKey())
                : changed.with(
                    Section.HA_RULES, rule.getKey(), "resources", String.join(",", resources));
      }
    }
    return changed;
  }
}
