package io.pveha.core.resource;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Finding;
import java.util.SortedSet;

/**
 * What is told of objects of Proxmox HA that are not ours to change, since they have properties
 * that this version does not know: one of them may turn the meaning of the others around.
 */
final class Foreign {

  private Foreign() {}

  /** Of an HA resource, for which nothing is planned then. */
  static Finding resource(String sid, SortedSet<String> unknown) {
    return Finding.blocks(
        ConditionReason.UNKNOWN_PROPERTY,
        "HA resource %s has %s, so it is left as it is; remove %s from it, or upgrade the operator."
            .formatted(sid, properties(unknown), unknown.size() == 1 ? "that" : "those"));
  }

  /** The same when it is to be taken out of HA. */
  static Finding removal(String sid, SortedSet<String> unknown) {
    return Finding.blocks(
        ConditionReason.UNKNOWN_PROPERTY,
        "HA resource %s has %s, so it is not removed; run ha-manager remove %s, or write deletionPolicy: Retain."
            .formatted(sid, properties(unknown), sid));
  }

  /** Of a rule between resources. */
  static Finding affinity(String sid, ResourceFacts.Affinity rule) {
    return Finding.blocks(
        ConditionReason.FOREIGN_RULE,
        ("spec.placement: rule %s of %s has %s, so it is left as it is, and no other is made beside"
                + " it; delete it (pvesh delete /cluster/ha/rules/%s), or drop together and apart.")
            .formatted(rule.name(), sid, properties(rule.unknown()), rule.name()));
  }

  /**
   * Of a rule or group that says where a resource runs.
   *
   * @param what {@code rule} or {@code group}
   */
  static Finding placement(String sid, String what, ResourceFacts.Entry entry) {
    return Finding.blocks(
        ConditionReason.FOREIGN_RULE,
        ("spec.placement: %s %s of %s has %s, so it is left as it is, and no other is made beside"
                + " it; delete it (pvesh delete /cluster/ha/%ss/%s), or leave the placement to it:"
                + " drop spec.placement.nodes and write followReplicas: false.")
            .formatted(what, entry.name(), sid, properties(entry.unknown()), what, entry.name()));
  }

  /** Of a rule that keeps a resource off nodes, where the spec names nodes. */
  static Finding negative(String sid, ResourceFacts.Entry entry) {
    return Finding.blocks(
        ConditionReason.FOREIGN_RULE,
        ("spec.placement.nodes: rule %s keeps %s off %s, and Proxmox takes one rule per guest, so"
                + " no other is made; delete it (pvesh delete /cluster/ha/rules/%s), or drop"
                + " spec.placement.nodes.")
            .formatted(entry.name(), sid, String.join(", ", entry.nodes().keySet()), entry.name()));
  }

  /** In words, to follow "has". */
  static String properties(SortedSet<String> unknown) {
    return unknown.size() == 1
        ? "the property %s, which this version does not know".formatted(unknown.first())
        : "the properties %s, which this version does not know"
            .formatted(String.join(", ", unknown));
  }
}
