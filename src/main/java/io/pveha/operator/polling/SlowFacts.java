package io.pveha.operator.polling;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.safety.AgeLimit;
import io.pveha.core.safety.FailureLog;
import io.pveha.core.safety.HeldPrivileges;
import io.pveha.core.safety.JobMark;
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
import io.pveha.proxmox.Rows.Derivation;
import io.pveha.proxmox.StorageCalls.Disk;
import io.pveha.proxmox.StorageCalls.Pool;
import io.pveha.proxmox.StorageCalls.PoolDetail;
import io.pveha.proxmox.StorageCalls.Storage;
import io.pveha.proxmox.StorageCalls.StorageStatus;
import io.pveha.proxmox.StorageCalls.Volume;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

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
 * @param derived what was worked out from these facts
 */
@RecordBuilder
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
    StartFacts starts,
    Derived<SlowFacts> derived) {

  private static final Derivation<Resource, Map<String, Resource>> BY_SID =
      Derivation.firstBy(Resource::sid);
  private static final Derivation<Resource, Map<String, List<Resource>>> BY_GROUP =
      Derivation.index(
          resource -> resource.group() == null ? List.of() : List.of(resource.group()));
  private static final Derivation<Rule, Map<String, Rule>> BY_RULE = Derivation.firstBy(Rule::rule);
  private static final Derivation<Rule, Map<String, List<Rule>>> BY_NAMED =
      Derivation.index(Rule::sids);
  private static final Derivation<Rule, Map<String, Integer>> POSITIONS =
      Derivation.of(
          rules -> {
            Map<String, Integer> positions = new HashMap<>();
            rules.forEach(rule -> positions.putIfAbsent(rule.rule(), positions.size()));
            return positions;
          });
  private static final Derivation<Group, Map<String, Group>> BY_NAME =
      Derivation.firstBy(Group::group);
  private static final Derivation<Storage, Map<String, Storage>> BY_STORAGE =
      Derivation.firstBy(Storage::storage);
  private static final Derivation<Job, Map<String, Job>> BY_ID = Derivation.firstBy(Job::id);
  private static final Derivation<Job, Map<Integer, List<Job>>> BY_GUEST =
      Derivation.index(job -> List.of(job.guest()));
  private static final Derivation<Job, Map<JobMark, List<Job>>> BY_MARK =
      Derivation.index(job -> JobMark.in(job.comment()).stream().toList());

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

  /** Facts of which nothing was worked out yet. */
  public SlowFacts(
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
    this(
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
        starts,
        new Derived<>());
  }

  /** Of changed facts nothing was worked out yet. */
  private SlowFactsBuilder changed() {
    return SlowFactsBuilder.builder(this).derived(new Derived<>());
  }

  /** The same facts, of the same objects as before where they are equal. */
  SlowFacts keeping(SlowFacts former) {
    Map<NodeName, Node> kept = new TreeMap<>(nodes);
    kept.replaceAll(
        (name, node) ->
            Optional.ofNullable(former.nodes.get(name)).map(node::keeping).orElse(node));
    Map<NodeName, GuestDisks> keptDisks = new TreeMap<>(disks);
    keptDisks.replaceAll(
        (name, told) ->
            Optional.ofNullable(former.disks.get(name)).map(told::keeping).orElse(told));
    return changed()
        .nodes(kept)
        .groups(Rows.keeping(former.groups, groups, BY_NAME, Group::group))
        .rules(Rows.keeping(former.rules, rules, BY_RULE, Rule::rule))
        .resources(Rows.keeping(former.resources, resources, BY_SID, Resource::sid))
        .jobs(Rows.keeping(former.jobs, jobs, BY_ID, Job::id))
        .storages(Rows.keeping(former.storages, storages, BY_STORAGE, Storage::storage))
        .disks(keptDisks)
        .build();
  }

  /** Whether it says the same, whenever it was asked and however full storages are. */
  boolean saysTheSameAs(SlowFacts other) {
    return member.equals(other.member)
        && join.equals(other.join)
        && authority.equals(other.authority)
        && device.equals(other.device)
        && means == other.means
        && Rows.same(groups, other.groups)
        && Rows.same(rules, other.rules)
        && Rows.same(resources, other.resources)
        && Rows.same(jobs, other.jobs)
        && Rows.same(storages, other.storages)
        && options.equals(other.options)
        && notes.equals(other.notes)
        && privileges.equals(other.privileges)
        && timeless(told).equals(timeless(other.told))
        && starts.equals(other.starts)
        && Same.values(disks, other.disks, GuestDisks::saysTheSameAs)
        && Same.values(nodes, other.nodes, Node::saysTheSameAs);
  }

  private static Map<SlowQuestion, Told> timeless(Map<SlowQuestion, Told> told) {
    Map<SlowQuestion, Told> same = new TreeMap<>(told);
    same.replaceAll((question, answer) -> answer.timeless());
    return same;
  }

  /**
   * What follows from these facts, worked out once.
   *
   * @param what a constant
   */
  public <R> R derived(Derived.From<SlowFacts, R> what) {
    return derived.get(this, what);
  }

  /** The same with what guests need where they start. */
  SlowFacts withStarts(StartFacts found) {
    return changed().starts(found).build();
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
    return changed().disks(known).told(present).build();
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
        .map(
            question ->
                Finding.delays(ConditionReason.FACTS_TOO_OLD, told(question).words(question)));
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

    private static final Derivation<Volume, Map<Integer, List<Volume>>> BY_OWNER =
        Derivation.index(volume -> volume.vmid() == null ? List.of() : List.of(volume.vmid()));
    private static final Derivation<Volume, Map<String, Volume>> BY_VOLUME =
        Derivation.firstBy(Volume::volid);

    public GuestDisks {
      Map<String, List<Volume>> copy = new TreeMap<>();
      byStorage.forEach((storage, volumes) -> copy.put(storage, Rows.copyOf(volumes)));
      byStorage = Collections.unmodifiableMap(copy);
    }

    /** Volumes of one guest on a storage; empty also when the storage could not be listed. */
    public List<Volume> of(int vmid, String storage) {
      return byOwner(storage).getOrDefault(vmid, List.of());
    }

    /** Volumes on a storage, by the guest that they belong to. */
    Map<Integer, List<Volume>> byOwner(String storage) {
      return Rows.derived(byStorage.getOrDefault(storage, List.of()), BY_OWNER);
    }

    GuestDisks keeping(GuestDisks former) {
      Map<String, List<Volume>> kept = new TreeMap<>(byStorage);
      kept.replaceAll(
          (storage, volumes) ->
              Rows.keeping(
                  former.byStorage.getOrDefault(storage, List.of()),
                  volumes,
                  BY_VOLUME,
                  Volume::volid));
      return new GuestDisks(at, kept);
    }

    boolean saysTheSameAs(GuestDisks other) {
      return byStorage.equals(other.byStorage);
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
    return changed().nodes(followed).build();
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

    private static final Derivation<JobStatus, Map<String, JobStatus>> BY_JOB =
        Derivation.firstBy(JobStatus::id);
    private static final Derivation<JobStatus, Map<Integer, List<JobStatus>>> BY_OWNER =
        Derivation.index(run -> List.of(run.guest()));
    private static final Derivation<StorageStatus, Set<String>> ACTIVE =
        Derivation.of(
            storages ->
                Set.copyOf(
                    storages.stream()
                        .filter(StorageStatus::isActive)
                        .map(StorageStatus::storage)
                        .toList()));

    public Node {
      disks = Rows.copyOf(disks);
      pools = List.copyOf(pools);
      details = Map.copyOf(details);
      storages = Rows.copyOf(storages);
      jobs = Rows.copyOf(jobs);
    }

    /** How a job goes of a guest that is here. */
    public Optional<JobStatus> run(String job) {
      return Optional.ofNullable(Rows.derived(jobs, BY_JOB).get(job));
    }

    /** How the jobs go of a guest that is here. */
    public List<JobStatus> runs(int vmid) {
      return runsByGuest().getOrDefault(vmid, List.of());
    }

    Map<Integer, List<JobStatus>> runsByGuest() {
      return Rows.derived(jobs, BY_OWNER);
    }

    /** Storages that are active here, by name. */
    public Set<String> activeStorages() {
      return Rows.derived(storages, ACTIVE);
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

    Node keeping(Node former) {
      return new Node(
          version,
          disks,
          pools,
          details,
          storages.equals(former.storages) ? former.storages : storages,
          Rows.keeping(former.jobs, jobs, BY_JOB, JobStatus::id),
          inactive);
    }

    boolean saysTheSameAs(Node other) {
      return version.equals(other.version)
          && Rows.same(disks, other.disks)
          && details.equals(other.details)
          && Rows.same(jobs, other.jobs)
          && inactive.timeless().equals(other.inactive.timeless())
          && pools.stream()
              .map(Pool::inSteps)
              .toList()
              .equals(other.pools.stream().map(Pool::inSteps).toList())
          && (storages == other.storages
              || storages.stream()
                  .map(StorageStatus::withoutFilling)
                  .toList()
                  .equals(other.storages.stream().map(StorageStatus::withoutFilling).toList()));
    }
  }

  public Optional<Resource> resource(String sid) {
    return Optional.ofNullable(Rows.derived(resources, BY_SID).get(sid));
  }

  /** HA resources that point to a group. */
  public List<Resource> inGroup(String group) {
    return Rows.derived(resources, BY_GROUP).getOrDefault(group, List.of());
  }

  public Optional<Group> group(String name) {
    return Optional.ofNullable(Rows.derived(groups, BY_NAME).get(name));
  }

  public Optional<Rule> rule(String name) {
    return Optional.ofNullable(Rows.derived(rules, BY_RULE).get(name));
  }

  /** Rules of any type that name one of these resources, or have one of these names; as listed. */
  public List<Rule> rulesAbout(Collection<String> sids, Collection<String> names) {
    Map<String, Integer> positions = Rows.derived(rules, POSITIONS);
    return Stream.concat(
            sids.stream().flatMap(sid -> rulesNaming(sid).stream()),
            names.stream().flatMap(name -> rule(name).stream()))
        .distinct()
        .sorted(Comparator.comparing(rule -> positions.get(rule.rule())))
        .toList();
  }

  /** Rules of any type that name a resource. */
  public List<Rule> rulesNaming(String sid) {
    return Rows.derived(rules, BY_NAMED).getOrDefault(sid, List.of());
  }

  public Optional<Storage> storage(String id) {
    return Optional.ofNullable(Rows.derived(storages, BY_STORAGE).get(id));
  }

  /** Replication jobs of a guest. */
  public List<Job> jobs(int vmid) {
    return jobsByGuest().getOrDefault(vmid, List.of());
  }

  /** Replication jobs that have the mark of a ReplicationJob. */
  public List<Job> jobsMarked(JobMark mark) {
    return Rows.derived(jobs, BY_MARK).getOrDefault(mark, List.of());
  }

  Map<Integer, List<Job>> jobsByGuest() {
    return Rows.derived(jobs, BY_GUEST);
  }
}
