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
import java.util.Optional;

/** What a pool should be, the same on each of its nodes. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "self.clusterRef.name == oldSelf.clusterRef.name",
    message = "clusterRef can't change; put the old name back, or make a new ZfsPool",
    fieldPath = ".clusterRef")
@ValidationRule(
    value = "self.poolName == oldSelf.poolName",
    message =
        "poolName can't change, the pools have that name; put the old name back, or make a new"
            + " ZfsPool",
    fieldPath = ".poolName")
@ValidationRule(
    value = "self.raidLevel == oldSelf.raidLevel",
    message =
        "raidLevel can't change, the pools are built that way; put the old level back, or make a"
            + " new ZfsPool",
    fieldPath = ".raidLevel")
@ValidationRule(
    value = "self.ashift == oldSelf.ashift",
    message = "ashift can't change, the pools are built that way; put the old value back",
    fieldPath = ".ashift")
@ValidationRule(
    value =
        "(has(self.storage) && has(self.storage.id) ? self.storage.id : self.poolName)"
            + " == (has(oldSelf.storage) && has(oldSelf.storage.id)"
            + " ? oldSelf.storage.id : oldSelf.poolName)",
    message = "storage.id can't change, guests' disks are named by it; put the old id back",
    fieldPath = ".storage")
@ValidationRule(
    value = "self.poolName.matches('^[A-Za-z][A-Za-z0-9_.-]*[A-Za-z0-9]$')",
    message =
        "poolName starts with a letter, ends with a letter or digit, and has only letters, digits,"
            + " - _ . between; write for example tank",
    fieldPath = ".poolName")
@ValidationRule(
    value = "!self.poolName.matches('^(mirror|raidz|draid|spare)') && self.poolName != 'log'",
    message =
        "ZFS keeps pool names that start with mirror, raidz, draid or spare, and log, for itself;"
            + " write for example tank",
    fieldPath = ".poolName")
@ValidationRule(
    value = "self.poolName != 'rpool' || self.nodes.all(n, has(n.disks))",
    message =
        "rpool is the pool that Proxmox boots from, and is taken over, never made from unused"
            + " disks; name the disks that it is on, or choose another poolName",
    fieldPath = ".poolName")
@ValidationRule(
    value =
        "self.poolName != 'rpool' || !has(self.deletionPolicy) || self.deletionPolicy != 'Destroy'",
    message = "rpool is the pool that Proxmox boots from, and is never destroyed; write Retain",
    fieldPath = ".deletionPolicy")
@ValidationRule(
    value = "self.nodes.all(n, self.nodes.exists_one(m, m.name == n.name))",
    message = "a node is listed twice; list each node once, with all its disks",
    fieldPath = ".nodes")
@ValidationRule(
    value =
        "self.raidLevel != 'single' || self.nodes.all(n,"
            + " (has(n.disks) ? size(n.disks) : n.diskSelector.count) == 1)",
    message =
        "raidLevel: single takes exactly one disk per node; give one disk, or choose mirror or a"
            + " raidz level",
    fieldPath = ".nodes")
@ValidationRule(
    value =
        "self.nodes.all(n, (has(n.disks) ? size(n.disks) : n.diskSelector.count)"
            + " >= {'single': 1, 'mirror': 2, 'raid10': 4, 'raidz': 3, 'raidz2': 4, 'raidz3': 5,"
            + " 'draid': 3, 'draid2': 4, 'draid3': 5}[self.raidLevel])",
    message =
        "not enough disks for this raidLevel on a node; per node mirror needs 2, raidz and draid"
            + " 3, raid10, raidz2 and draid2 4, raidz3 and draid3 5",
    fieldPath = ".nodes")
@ValidationRule(
    value =
        "self.raidLevel != 'raid10' || self.nodes.all(n,"
            + " (has(n.disks) ? size(n.disks) : n.diskSelector.count) % 2 == 0)",
    message = "raidLevel: raid10 pairs its disks; give each node an even number of disks",
    fieldPath = ".nodes")
@ValidationRule(
    value = "!has(self.draid) || self.raidLevel.startsWith('draid')",
    message = "draid is for the levels draid, draid2 and draid3; leave it out or change raidLevel",
    fieldPath = ".draid")
public record ZfsPoolSpec(
    @Default("Enforce")
        @JsonPropertyDescription(
            "Enforce makes Proxmox what this spec says; Observe writes nothing to Proxmox and"
                + " reports the steps in status.plannedChanges.")
        ManagementPolicy managementPolicy,
    @Required @JsonPropertyDescription("The cluster whose nodes get the pool; can't be changed.")
        ClusterRef clusterRef,
    @Required
        @Size(min = 2, max = 63)
        @JsonPropertyDescription(
            "Name of the pool, the same on every node, since failover needs that; can't be"
                + " changed.")
        String poolName,
    @Required @JsonPropertyDescription("Layout of the pool on each node; can't be changed.")
        RaidLevel raidLevel,
    @Required
        @Size(min = 1, max = 32)
        @JsonPropertyDescription("The nodes that get the pool, and from which of their disks.")
        List<Node> nodes,
    @Default("12")
        @Min(9)
        @Max(16)
        @JsonPropertyDescription("Sector size as a power of two; can't be changed.")
        Integer ashift,
    @Default("\"on\"") @JsonPropertyDescription("Compression when the pool is made.")
        Compression compression,
    @JsonPropertyDescription("Shape of a draid pool.") Draid draid,
    @JsonPropertyDescription("The one storage entry in Proxmox that all nodes share.")
        Storage storage,
    @Default("Retain")
        @JsonPropertyDescription(
            "What happens when this object is deleted: Retain keeps all, DetachStorage removes the"
                + " storage entry and keeps the pools, Destroy destroys the pools with their data.")
        PoolDeletionPolicy deletionPolicy)
    implements ManagedSpec {

  public ZfsPoolSpec {
    managementPolicy = Copies.orElse(managementPolicy, ManagementPolicy.ENFORCE);
    nodes = Copies.of(nodes);
    ashift = Copies.orElse(ashift, 12);
    compression = Copies.orElse(compression, Compression.ON);
    deletionPolicy = Copies.orElse(deletionPolicy, PoolDeletionPolicy.RETAIN);
  }

  /** Id of the storage entry: the pool's name unless the spec says another. */
  public String storageId() {
    return storage == null || storage.id() == null ? poolName : storage.id();
  }

  /** The storage entry with its defaults; never null. */
  public Storage storageOrDefault() {
    return storage == null ? new Storage(null, null, null, null, null, null) : storage;
  }

  /** Looks a node up by its name. */
  public Optional<Node> node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /** A node that gets the pool, and which of its disks. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @ValidationRule(
      value = "self.name.matches('^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$')",
      message = "a node's name is its host name without domain; write for example node1",
      fieldPath = ".name")
  @ValidationRule(
      value = "has(self.disks) != has(self.diskSelector)",
      message = "each node takes either disks or diskSelector; write one of the two")
  @ValidationRule(
      value = "!has(self.disks) || self.disks.all(d, self.disks.exists_one(e, e == d))",
      message = "a disk is listed twice; list each disk once",
      fieldPath = ".disks")
  @ValidationRule(
      value = "!has(self.disks) || self.disks.all(d, d.matches('^/dev/[A-Za-z0-9_./:+-]+$'))",
      message = "a disk is a path below /dev; write for example /dev/sdb or /dev/disk/by-id/...",
      fieldPath = ".disks")
  @ValidationRule(
      value =
          "!has(self.disks) || self.disks.all(d, !d.matches('/[.]{1,2}(/|$)') && !d.contains('//')"
              + " && !d.endsWith('/'))",
      message = "a disk's path has no . or .. in it and no empty part; write for example /dev/sdb",
      fieldPath = ".disks")
  public record Node(
      @Required
          @Size(min = 1, max = 63)
          @Pattern(ApiNames.NODE_NAME)
          @JsonPropertyDescription("Name of the node in Proxmox.")
          String name,
      @Size(min = 1, max = 32)
          @JsonPropertyDescription(
              "Paths of the disks; paths below /dev/disk/by-id survive a change of order. A "
                  + "disk that Proxmox reports as used is never touched.")
          List<@Size(min = 6, max = 160) String> disks,
      @JsonPropertyDescription(
              "Selects unused disks by their properties, in the order of their paths.")
          DiskSelector diskSelector) {

    public Node {
      disks = Copies.of(disks);
    }

    /** How many disks the pool gets on this node. */
    public int diskCount() {
      return diskSelector == null ? disks.size() : diskSelector.count();
    }
  }

  /** Which unused disks to take; all that is given must fit. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value =
          "!has(self.minSizeGiB) || !has(self.maxSizeGiB) || self.minSizeGiB <= self.maxSizeGiB",
      message = "minSizeGiB is more than maxSizeGiB; no disk fits that, swap the two")
  public record DiskSelector(
      @Required
          @Min(1)
          @Max(32)
          @JsonPropertyDescription("How many disks; the node waits until so many fit.")
          Integer count,
      @JsonPropertyDescription("Kind of disk.") DiskType type,
      @Min(1) @JsonPropertyDescription("Smallest size.") Long minSizeGiB,
      @Min(1) @JsonPropertyDescription("Largest size.") Long maxSizeGiB,
      @Size(min = 1, max = 128) @JsonPropertyDescription("Model, as Proxmox shows it.")
          String model,
      @Size(min = 1, max = 128) @JsonPropertyDescription("Start of the serial number.")
          String serialPrefix) {

    public DiskSelector {
      count = Copies.orElse(count, 1);
    }
  }

  /** Shape of a draid pool. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Draid(
      @Required @Min(1) @Max(255) @JsonPropertyDescription("Data disks per group.") Integer data,
      @Required @Min(0) @Max(100) @JsonPropertyDescription("Distributed spares.") Integer spares) {}

  /** The storage entry that makes the pool usable for guests. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @ValidationRule(
      value = "!has(self.id) || self.id.matches('^[A-Za-z][A-Za-z0-9_.-]*[A-Za-z0-9]$')",
      message =
          "storage.id starts with a letter, ends with a letter or digit, and has only letters,"
              + " digits, - _ . between; write for example tank",
      fieldPath = ".id")
  @ValidationRule(
      value =
          "!has(self.blockSize) || self.blockSize.matches('^(512|(1|2|4|8|16|32|64|128|256|"
              + "512)[kK]|(1|2|4|8|16)[mM])$')",
      message = "blockSize is a power of two from 512 to 16M; write for example 16k",
      fieldPath = ".blockSize")
  @ValidationRule(
      value = "!has(self.mountPoint) || self.mountPoint.startsWith('/')",
      message = "mountPoint is an absolute path; write for example /tank",
      fieldPath = ".mountPoint")
  @ValidationRule(
      value =
          "!has(self.mountPoint) || self.mountPoint.matches("
              + "'^/[A-Za-z0-9_:+-][A-Za-z0-9_.:+-]*(/[A-Za-z0-9_:+-][A-Za-z0-9_.:+-]*)*$')"
              + " || !self.mountPoint.startsWith('/')",
      message =
          "mountPoint has only letters, digits, - _ . : + between its slashes, no part that begins"
              + " with a dot, and none that is empty; write for example /tank",
      fieldPath = ".mountPoint")
  @ValidationRule(
      value =
          "!has(self.mountPoint) || !self.mountPoint.matches("
              + "'^/(bin|boot|dev|etc|home|lib|lib32|lib64|libx32|lost[+]found|media|mnt|opt|proc|root"
              + "|run|sbin|srv|sys|tmp|usr|var)/*$|^/(bin|boot|dev|etc|lib|lib32|lib64|libx32|proc|root"
              + "|run|sbin|sys|tmp|usr|var)/')",
      message =
          "mountPoint would hide a directory that the node needs; write for example /tank, or one"
              + " below /mnt or /srv",
      fieldPath = ".mountPoint")
  public record Storage(
      @Size(min = 2, max = 63)
          @JsonPropertyDescription("Id of the storage in Proxmox; poolName if absent.")
          String id,
      @Size(min = 1, max = 2)
          @JsonPropertyDescription("Content types; both kinds of guest disks if absent.")
          List<StorageContent> content,
      @JsonPropertyDescription("Whether disks take space only as they fill; true if absent.")
          Boolean sparse,
      @Size(min = 1, max = 8)
          @JsonPropertyDescription("Block size of virtual machines' disks; Proxmox's if absent.")
          String blockSize,
      @Size(min = 1, max = 200)
          @JsonPropertyDescription("Where the pool is mounted; /poolName if absent.")
          String mountPoint,
      @JsonPropertyDescription(
              "Whether only the nodes of this spec may have the storage: others are taken off it as"
                  + " soon as nothing lies on it there. false if absent: nodes that others added"
                  + " keep it.")
          Boolean exclusiveNodes) {

    public Storage {
      content =
          content == null || content.isEmpty()
              ? List.of(StorageContent.IMAGES, StorageContent.ROOTDIR)
              : Copies.of(content);
      sparse = Copies.orElse(sparse, true);
      exclusiveNodes = Copies.orElse(exclusiveNodes, false);
    }
  }
}
