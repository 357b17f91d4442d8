package io.pveha.core.placement;

/**
 * Why a rule can't be kept.
 *
 * @param rule the rule that has to go
 * @param sid the service that the reason names, or null
 */
public record RuleProblem(String rule, Reason reason, ServiceId sid) {

  /** Reasons, in the words of the scenario schema, with what to tell the owner. */
  public enum Reason {
    RESOURCE_IN_SEVERAL_NODE_AFFINITY_RULES(
        "resourceInSeveralNodeAffinityRules", "a resource is in more than one node affinity rule"),
    FEWER_THAN_TWO_RESOURCES(
        "fewerThanTwoResources", "a resource affinity rule needs at least two resources"),
    MORE_RESOURCES_THAN_NODES(
        "moreResourcesThanNodes", "there are more resources to keep apart than nodes"),
    CONFLICTS_WITH_POSITIVE_AFFINITY(
        "conflictsWithPositiveAffinity", "two of its resources have to be kept together"),
    CONFLICTS_WITH_NEGATIVE_AFFINITY(
        "conflictsWithNegativeAffinity", "two of its resources have to be kept apart"),
    RESOURCES_HAVE_MULTI_PRIORITY_NODE_AFFINITY(
        "resourcesHaveMultiPriorityNodeAffinity",
        "resources are in node affinity rules with multiple priorities"),
    MULTI_PRIORITY_WITH_RESOURCE_AFFINITY(
        "multiPriorityWithResourceAffinity",
        "resources are in a resource affinity rule and cannot be in a node affinity rule with"
            + " multiple priorities"),
    POSITIVE_AFFINITY_ACROSS_NODE_AFFINITY_RULES(
        "positiveAffinityAcrossNodeAffinityRules",
        "its resources belong together but are in different node affinity rules"),
    NODE_AFFINITY_DIVIDES_POSITIVE_AFFINITY(
        "nodeAffinityDividesPositiveAffinity",
        "it holds only some of the resources that belong together"),
    NEGATIVE_AFFINITY_LACKS_NODES(
        "negativeAffinityLacksNodes",
        "node affinity leaves fewer nodes than there are resources to keep apart"),
    NODE_AFFINITY_STARVES_NEGATIVE_AFFINITY(
        "nodeAffinityStarvesNegativeAffinity",
        "it leaves fewer nodes than there are resources to keep apart");

    private final String word;
    private final String sentence;

    Reason(String word, String sentence) {
      this.word = word;
      this.sentence = sentence;
    }

    /** As the scenario schema writes it. */
    public String word() {
      return word;
    }

    /** For the owner of the rule. */
    public String sentence() {
      return sentence;
    }
  }

  @Override
  public String toString() {
    return "rule '" + rule + "': " + reason.sentence + (sid == null ? "" : " (" + sid + ")");
  }
}
