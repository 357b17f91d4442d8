package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What the operator knows of a ZfsPool. */
@JsonDeserialize(using = StatusReader.class)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@RecordBuilder
public record ZfsPoolStatus(
    @JsonPropertyDescription("Generation of the spec that this status describes.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "Standard conditions; Ready, Reconciling and Stalled are as kstatus reads them.")
        @ListKey("type")
        List<Condition> conditions,
    @JsonPropertyDescription(
            "Steps to be taken, in order; empty when nothing differs from the spec.")
        List<PlannedChange> plannedChanges,
    @JsonPropertyDescription("What was requested from Proxmox and is not known to be done.")
        List<PendingTask> pendingTasks,
    @JsonPropertyDescription("Nodes whose pool is online, out of all, as in 3/3.")
        String nodesHealthy,
    @JsonPropertyDescription("The storage entry as Proxmox has it.") Storage storage,
    @JsonPropertyDescription("The pool on each node.") @ListKey("name") List<Node> nodes,
    @JsonPropertyDescription(
            "The operator's signature of the fields that it acts on later: the diskIds of "
                + "nodes. Fields that do not match are not trusted.")
        String seal)
    implements ReportedStatus<ZfsPoolStatus>, SealedStatus<ZfsPoolStatus> {

  /** Before the first report. */
  public static final ZfsPoolStatus EMPTY =
      new ZfsPoolStatus(null, null, null, null, null, null, null, null);

  public ZfsPoolStatus {
    conditions = Copies.conditions(conditions);
    plannedChanges = Copies.of(plannedChanges);
    pendingTasks = Copies.of(pendingTasks, PendingTask::isWhole);
    nodes = Copies.of(nodes, node -> Copies.areTold(node.name()));
  }

  /** Looks a node up by its name. */
  public Optional<Node> node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  @Override
  public ZfsPoolStatus withObservedGeneration(Long generation) {
    return ZfsPoolStatusBuilder.builder(this).observedGeneration(generation).build();
  }

  @Override
  public ZfsPoolStatus withConditions(List<Condition> merged) {
    return ZfsPoolStatusBuilder.builder(this).conditions(merged).build();
  }

  @Override
  public ZfsPoolStatus withPlannedChanges(List<PlannedChange> changes) {
    return ZfsPoolStatusBuilder.builder(this).plannedChanges(changes).build();
  }

  @Override
  public ZfsPoolStatus withPendingTasks(List<PendingTask> tasks) {
    return ZfsPoolStatusBuilder.builder(this).pendingTasks(tasks).build();
  }

  /** Which pools are its own to be destroyed. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Sealed(List<SealedNode> nodes) {}

  /** What is remembered of a pool. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record SealedNode(String name, List<String> diskIds) {}

  @Override
  public Sealed sealed() {
    return new Sealed(
        nodes.stream()
            .filter(node -> !node.diskIds().isEmpty())
            .map(node -> new SealedNode(node.name(), node.diskIds()))
            .toList());
  }

  @Override
  public ZfsPoolStatus withSealedOf(ZfsPoolStatus other) {
    return withDiskIds(node -> other.node(node.name()).map(Node::diskIds).orElse(List.of()));
  }

  /** A pool whose disks are not remembered is not destroyed. */
  @Override
  public ZfsPoolStatus distrusted() {
    return withDiskIds(node -> List.of());
  }

  private ZfsPoolStatus withDiskIds(Function<Node, List<String>> ids) {
    return ZfsPoolStatusBuilder.builder(this)
        .nodes(
            nodes.stream()
                .map(
                    node -> ZfsPoolStatusNodeBuilder.builder(node).diskIds(ids.apply(node)).build())
                .toList())
        .build();
  }

  @Override
  public ZfsPoolStatus withSeal(String made) {
    return ZfsPoolStatusBuilder.builder(this).seal(made).build();
  }

  /** The storage entry as Proxmox has it. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Storage(
      @JsonPropertyDescription("Id of the storage.") String id,
      @JsonPropertyDescription("Nodes that the entry is limited to.") List<String> nodes) {

    public Storage {
      nodes = Copies.texts(nodes);
    }
  }

  /**
   * The pool on one node.
   *
   * @param errors ZFS's own sentence, as in "No known data errors"
   * @param scan ZFS's own sentence about the last or running scrub or resilver
   * @param message what is wrong and what to do, if anything
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @RecordBuilder
  public record Node(
      @JsonPropertyDescription("Name of the node.") String name,
      @JsonPropertyDescription("Health of the pool.") PoolState state,
      @JsonPropertyDescription("Size of the pool.") Long sizeBytes,
      @JsonPropertyDescription("Space allocated.") Long allocatedBytes,
      @JsonPropertyDescription("Space free.") Long freeBytes,
      @JsonPropertyDescription("Fragmentation of the free space.") Integer fragmentationPercent,
      @JsonPropertyDescription("Data errors, as ZFS reports them.") String errors,
      @JsonPropertyDescription("Scrub or resilver, as ZFS reports it.") String scan,
      @JsonPropertyDescription("Disks that the pool was made from.") List<String> disks,
      @JsonPropertyDescription(
              "The same disks by WWN and serial number, by which the pool is known before it is"
                  + " destroyed.")
          List<String> diskIds,
      @JsonPropertyDescription("Whether the storage is usable on this node.") Boolean storageActive,
      @JsonPropertyDescription("What is wrong and what to do, if anything.") String message,
      @JsonPropertyDescription("Whether the pool ever existed, so that it is not recreated.")
          HaResourceStatus.Presence presence) {

    public Node {
      errors = Copies.words(errors);
      scan = Copies.words(scan);
      message = Copies.words(message);
      disks = Copies.of(disks);
      diskIds = Copies.of(diskIds);
    }

    /** The same with another message. */
    public Node withMessage(String text) {
      return ZfsPoolStatusNodeBuilder.builder(this).message(text).build();
    }

    /** The same with what is remembered of it. */
    public Node withPresence(HaResourceStatus.Presence remembered) {
      return ZfsPoolStatusNodeBuilder.builder(this).presence(remembered).build();
    }
  }
}
