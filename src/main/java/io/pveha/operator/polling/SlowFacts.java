package io.pveha.operator.polling;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.plan.Reason;
import io.pveha.core.safety.AgeLimit;
import io.pveha.core.safety.FailureLog;
import io.pveha.core.safety.HeldPrivileges;
import io.pveha.proxmox.ClusterCalls.JoinInfo;
import io.pveha.proxmox.ClusterCalls.QuorumDevice;
import io.pveha.proxmox.HaCalls.Resource;
import io.pveha.proxmox.HaCalls.StatusRow;
import io.pveha.proxmox.PlacementCalls.Group;
import io.pveha.proxmox.PlacementCalls.Means;
import io.pveha.proxmox.PlacementCalls.Rule;
import io.pveha.proxmox.ReplicationCalls.Job;
import io.pveha.proxmox.ReplicationCalls.JobStatus;
import io.pveha.proxmox.Rows;
import io.pveha.proxmox.StorageCalls.Disk;
import io.pveha.proxmox.StorageCalls.Pool;
import io.pveha.proxmox.StorageCalls.PoolDetail;
import io.pveha.proxmox.StorageCalls.Storage;
import io.pveha.proxmox.StorageCalls.StorageStatus;
import io.pveha.proxmox.StorageCalls.Volume;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What changes rarely, or costs more to ask.
 *
 * @param at when it was asked for
 * @param member who was asked for the whole cluster
 * @param nodes what each node said of itself; a node that could not be asked is missing
 * @param join the members' votes and certificates
 * @param authority SHA-256 of the certificate of the cluster's own authority; empty when not told
 * @param means how this cluster says where guests run
 * @param options of the datacenter, as Proxmox writes them
 * @param notes of the datacenter, as two members have them; one that does not show them is missing
 * @param disks where disks of guests lie, by node; one that could not be asked for long is missing
 * @param privileges of the operator's token
 * @param told how each question about the whole cluster stands; what any member asked has is listed
 * @param starts what guests under HA need where they start
 */
public record SlowFacts(
    Instant at,
    NodeName member,
    Map<NodeName, Node> nodes,
    JoinInfo join,
    Optional<String> authority,
    Optional<QuorumDevice> device,
    Means means,
    List<Group> groups,
    List<Rule> rules,
    List<Resource> resources,
    List<StatusRow> haStatus,
    List<Job> jobs,
    List<Storage> storages,
    Map<String, String> options,
    Map<NodeName, String> notes,
    Map<NodeName, GuestDisks> disks,
    HeldPrivileges privileges,
    Map<SlowQuestion, Told> told,
    StartFacts starts) {

  public SlowFacts {
    disks = Collections.unmodifiableMap(new TreeMap<>(disks));
    told = Collections.unmodifiableMap(new TreeMap<>(told));
    notes = Collections.unmodifiableMap(new TreeMap<>(notes));
    options = Collections.unmodifiableMap(new TreeMap<>(options));
    nodes = Collections.unmodifiableMap(new TreeMap<>(nodes));
    groups = Rows.copyOf(groups);
    rules = Rows.copyOf(rules);
    resources = Rows.copyOf(resources);
    haStatus = List.copyOf(haStatus);
    jobs = Rows.copyOf(jobs);
    storages = Rows.copyOf(storages);
  }

  /** The same with what guests need where they start. */
  SlowFacts withStarts(StartFacts found) {
    return new SlowFacts(
        at,
        member,
        nodes,
        join,
        authority,
        device,
        means,
        groups,
        rules,
        resources,
        haStatus,
        jobs,
        storages,
        options,
        notes,
        disks,
        privileges,
        told,
        found);
  }

  /** The same now: what was told too long ago is not known any more. */
  SlowFacts asOf(Instant now) {
    Map<NodeName, GuestDisks> known = new TreeMap<>(disks);
    boolean fewer = known.values().removeIf(seen -> AgeLimit.isPast(seen.at(), now));
    Map<SlowQuestion, Told> present = new TreeMap<>(told);
    present.replaceAll((question, answer) -> answer.asOf(now));
    return fewer || !present.equals(told) ? with(known, present) : this;
  }

  private SlowFacts with(Map<NodeName, GuestDisks> known, Map<SlowQuestion, Told> present) {
    return new SlowFacts(
        at,
        member,
        nodes,
        join,
        authority,
        device,
        means,
        groups,
        rules,
        resources,
        haStatus,
        jobs,
        storages,
        options,
        notes,
        known,
        privileges,
        present,
        starts);
  }

  /** How a question stands. */
  public Told told(SlowQuestion question) {
    return told.get(question);
  }

  /** Why nothing may rest on the answers to these; empty when it may. */
  public Optional<Finding> tooOld(Set<SlowQuestion> questions) {
    return questions.stream()
        .filter(question -> told(question).old())
        .findFirst()
        .map(question -> Finding.delays(Reason.FACTS_TOO_OLD, told(question).words(question)));
  }

  /** When the oldest answer to these was asked for. */
  Instant at(Set<SlowQuestion> questions) {
    return questions.stream()
        .map(question -> told(question).at())
        .min(Comparator.naturalOrder())
        .orElse(at);
  }

  /**
   * Disks of guests at one node, which are kept for a while where its storages don't answer.
   *
   * @param at when they were asked for
   * @param byStorage those that could be listed
   */
  public record GuestDisks(Instant at, Map<String, List<Volume>> byStorage) {

    public GuestDisks {
      byStorage = Collections.unmodifiableMap(new TreeMap<>(byStorage));
    }

    GuestDisks timeless() {
      return new GuestDisks(Instant.EPOCH, byStorage);
    }
  }

  /**
   * The same after what was told before: one answer that a storage is not active proves nothing.
   *
   * @param former empty for the first round
   */
  SlowFacts after(Optional<SlowFacts> former) {
    Map<NodeName, Node> followed = new TreeMap<>(nodes);
    followed.replaceAll(
        (name, node) ->
            node.after(
                former
                    .map(before -> before.nodes().get(name))
                    .map(Node::inactive)
                    .orElse(FailureLog.NONE),
                at));
    return new SlowFacts(
        at,
        member,
        followed,
        join,
        authority,
        device,
        means,
        groups,
        rules,
        resources,
        haStatus,
        jobs,
        storages,
        options,
        notes,
        disks,
        privileges,
        told,
        starts);
  }

  /**
   * What one node says of itself.
   *
   * @param inactive since when its storages are said not to be active
   */
  public record Node(
      String version,
      List<Disk> disks,
      List<Pool> pools,
      Map<String, PoolDetail> details,
      List<StorageStatus> storages,
      List<JobStatus> jobs,
      FailureLog inactive) {

    public Node {
      disks = Rows.copyOf(disks);
      pools = List.copyOf(pools);
      details = Map.copyOf(details);
      storages = List.copyOf(storages);
      jobs = Rows.copyOf(jobs);
    }

    private Node after(FailureLog former, Instant at) {
      return new Node(
          version,
          disks,
          pools,
          details,
          storages,
          jobs,
          former.look(
              storages.stream()
                  .filter(StorageStatus::isInactive)
                  .map(StorageStatus::storage)
                  .toList(),
              at));
    }
  }

  public Optional<Resource> resource(String sid) {
    return resources.stream().filter(resource -> resource.sid().equals(sid)).findFirst();
  }

  public Optional<Storage> storage(String id) {
    return storages.stream().filter(storage -> storage.storage().equals(id)).findFirst();
  }
}
