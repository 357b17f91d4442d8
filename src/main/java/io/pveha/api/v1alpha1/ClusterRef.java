package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** The ProxmoxCluster in the same namespace that a resource belongs to. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClusterRef(
    @Required
        @Size(min = 1, max = 253)
        @JsonPropertyDescription("Name of a ProxmoxCluster in the same namespace.")
        String name) {}
