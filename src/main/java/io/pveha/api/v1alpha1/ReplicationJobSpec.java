package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Which guests are replicated where to, and how often. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "self.clusterRef.name == oldSelf.clusterRef.name",
    message = "clusterRef can't change; put the old name back, or make a new ReplicationJob",
    fieldPath = ".clusterRef")
@ValidationRule(
    value =
        "has(self.guest) == has(oldSelf.guest)"
            + " && (!has(self.guest) || self.guest.vmid == oldSelf.guest.vmid)",
    message = "guest can't change; put the old vmid back, or make a new ReplicationJob",
    fieldPath = ".guest")
@ValidationRule(
    value = "has(self.guest) != has(self.selector)",
    message = "say which guests: write either guest with a vmid or selector, not both")
@ValidationRule(
    value = "self.schedule.matches('^[A-Za-z0-9*/.,: -]+$')",
    message =
        "schedule is a calendar event of Proxmox with letters, digits, spaces and * / . , : -"
            + " only; write for example */15 for every 15 minutes, or mon..fri 22:00",
    fieldPath = ".schedule")
public record ReplicationJobSpec(
    @Default("Enforce")
        @JsonPropertyDescription(
            "Enforce makes Proxmox what this spec says; Observe writes nothing to Proxmox and"
                + " reports the steps in status.plannedChanges.")
        ManagementPolicy managementPolicy,
    @Required @JsonPropertyDescription("The cluster of the guests; can't be changed.")
        ClusterRef clusterRef,
    @JsonPropertyDescription("The one guest to replicate; can't be changed.") Guest guest,
    @JsonPropertyDescription("Replicates every guest that matches.") Selector selector,
    @Required @JsonPropertyDescription("Where the replicas go, seen from where the guest is now.")
        Targets targets,
    @Default("\"*/15\"")
        @Size(min = 1, max = 128)
        @JsonPropertyDescription(
            "When, as a calendar event of Proxmox; at most once a minute. */15 is every 15"
                + " minutes.")
        String schedule,
    @Min(1) @Max(100000) @JsonPropertyDescription("Limit of the transfer in MB/s.")
        Integer rateMBps,
    @Default("false") @JsonPropertyDescription("Disables the jobs and keeps the replicas.")
        Boolean suspend,
    @Min(60)
        @Max(31536000)
        @JsonPropertyDescription(
            "How old the freshest replica may be, in seconds: the data loss that is "
                + "acceptable. Condition RpoMet tells whether it holds.")
        Long rpoSeconds,
    @Default("Never")
        @JsonPropertyDescription(
            "Recreate removes a job whose chain of snapshots is broken, with its replica, "
                + "and creates both again.")
        Repair repair,
    @Default("Retain")
        @JsonPropertyDescription(
            "What happens when this object is deleted: Retain leaves the jobs running,"
                + " KeepReplicas removes jobs only, Delete removes jobs and replicas.")
        ReplicationDeletionPolicy deletionPolicy)
    implements ManagedSpec {

  /** Proxmox's own default. */
  public static final String DEFAULT_SCHEDULE = "*/15";

  public ReplicationJobSpec {
    managementPolicy = Copies.orElse(managementPolicy, ManagementPolicy.ENFORCE);
    schedule = Copies.orElse(schedule, DEFAULT_SCHEDULE);
    suspend = Copies.orElse(suspend, false);
    repair = Copies.orElse(repair, Repair.NEVER);
    deletionPolicy = Copies.orElse(deletionPolicy, ReplicationDeletionPolicy.RETAIN);
  }

  /** A guest by its number. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Guest(
      @Required
          @Min(100)
          @Max(999999999)
          @JsonPropertyDescription("Number of the guest in Proxmox.")
          Integer vmid) {}

  /** Guests by what they are; all that is given must fit. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @ValidationRule(
      value = "has(self.tags) || has(self.pool)",
      message = "an empty selector would take every guest; write tags, pool or both")
  public record Selector(
      @Size(min = 1, max = 16) @JsonPropertyDescription("Tags that the guest must all have.")
          List<@Size(min = 1, max = 64) String> tags,
      @Size(min = 1, max = 64) @JsonPropertyDescription("Resource pool that the guest is in.")
          String pool) {

    public Selector {
      tags = Copies.of(tags);
    }
  }

  /** Where replicas go, seen from where the guest is; exactly one field is given. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @ValidationRule(
      value =
          "(has(self.allOthers) && self.allOthers ? 1 : 0) + (has(self.nodes) ? 1 : 0)"
              + " + (has(self.count) ? 1 : 0) == 1",
      message = "targets takes exactly one of allOthers: true, nodes and count; write one of them")
  @ValidationRule(
      value =
          "!has(self.nodes)"
              + " || self.nodes.all(n, n.matches('^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$'))",
      message =
          "a target can be no node: a node's name is its host name without domain; write for"
              + " example node2",
      fieldPath = ".nodes")
  @ValidationRule(
      value = "!has(self.nodes) || self.nodes.all(n, self.nodes.exists_one(m, m == n))",
      message =
          "a target is listed twice; Proxmox takes one job per guest and target, list it once",
      fieldPath = ".nodes")
  public record Targets(
      @JsonPropertyDescription("Every other member of the cluster.") Boolean allOthers,
      @Size(min = 1, max = 32)
          @JsonPropertyDescription(
              "These nodes; the one where the guest is now takes no part until it leaves.")
          List<@Size(min = 1, max = 63) @Pattern(ApiNames.NODE_NAME) String> nodes,
      @Min(1)
          @Max(31)
          @JsonPropertyDescription("So many other nodes; those that have a replica are kept.")
          Integer count) {

    public Targets {
      allOthers = Copies.orElse(allOthers, false);
      nodes = Copies.of(nodes);
    }
  }
}
