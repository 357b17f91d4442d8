package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** One step that the operator would take, or takes now: the plan as a person reads it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PlannedChange(
    @JsonPropertyDescription("Name of the step, as in CreateCluster, JoinNode, CreatePool.")
        String action,
    @JsonPropertyDescription("Node that it concerns, if it is one.") String node,
    @JsonPropertyDescription("What is done, as a sentence.") String message) {

  public PlannedChange {
    message = Copies.words(message);
  }
}
