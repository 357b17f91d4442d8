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

/** Which guest is kept available, and how. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "self.clusterRef.name == oldSelf.clusterRef.name",
    message = "clusterRef can't change; put the old name back, or make a new HaResource",
    fieldPath = ".clusterRef")
@ValidationRule(
    value = "self.guest.vmid == oldSelf.guest.vmid && self.guest.kind == oldSelf.guest.kind",
    message = "guest.kind and guest.vmid can't change; put them back, or make a new HaResource",
    fieldPath = ".guest")
public record HaResourceSpec(
    @Default("Enforce")
        @JsonPropertyDescription(
            "Enforce makes Proxmox what this spec says; Observe writes nothing to Proxmox and"
                + " reports the steps in status.plannedChanges.")
        ManagementPolicy managementPolicy,
    @Required @JsonPropertyDescription("The cluster of the guest; can't be changed.")
        ClusterRef clusterRef,
    @Required @JsonPropertyDescription("The guest.") Guest guest,
    @Default("started")
        @JsonPropertyDescription(
            "What Proxmox HA keeps it as; disabled is the way out of the error state.")
        RequestedState state,
    @Default("1")
        @Min(0)
        @Max(10)
        @JsonPropertyDescription("Tries to start it on the node where it is.")
        Integer maxRestart,
    @Default("1")
        @Min(0)
        @Max(10)
        @JsonPropertyDescription("Tries to start it on other nodes, before the error state.")
        Integer maxRelocate,
    @JsonPropertyDescription("Where it may run.") Placement placement,
    @JsonPropertyDescription("Whether it returns to its home node after a failover.")
        Failback failback,
    @JsonPropertyDescription("How to check from outside that it answers.") Probe probe,
    @Min(1) @Max(86400) @JsonPropertyDescription("Longest outage that is acceptable, in seconds.")
        Long rtoSeconds,
    @JsonPropertyDescription("Who recovers it; the cluster's failover.mode if absent.")
        FailoverMode failoverMode,
    @Default("Retain")
        @JsonPropertyDescription(
            "What happens when this object is deleted: Retain leaves it under Proxmox HA,"
                + " RemoveFromHA takes it out. The guest itself always stays.")
        HaDeletionPolicy deletionPolicy)
    implements ManagedSpec {

  public HaResourceSpec {
    managementPolicy = Copies.orElse(managementPolicy, ManagementPolicy.ENFORCE);
    state = Copies.orElse(state, RequestedState.STARTED);
    maxRestart = Copies.orElse(maxRestart, 1);
    maxRelocate = Copies.orElse(maxRelocate, 1);
    placement = Copies.orElse(placement, Placement.DEFAULT);
    failback = Copies.orElse(failback, Failback.DEFAULT);
    deletionPolicy = Copies.orElse(deletionPolicy, HaDeletionPolicy.RETAIN);
  }

  /** Which guest, and how it is made if it does not exist. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @ValidationRule(
      value =
          "self.kind != 'CT' || !has(self.create)"
              + " || has(self.create.template) != has(self.create.cloneFrom)",
      message = "a container is created from either template or cloneFrom; write one of the two",
      fieldPath = ".create")
  @ValidationRule(
      value = "self.kind != 'VM' || !has(self.create) || !has(self.create.template)",
      message =
          "template is for containers; to make a virtual machine write cloneFrom with the vmid of"
              + " a template, or neither for one with an empty disk",
      fieldPath = ".create")
  @ValidationRule(
      value =
          "!has(self.create) || !has(self.create.cloneFrom)"
              + " || self.create.cloneFrom.vmid != self.vmid",
      message = "a guest can't be its own clone; write the vmid of another guest in cloneFrom",
      fieldPath = ".create")
  @ValidationRule(
      value =
          "!has(self.create) || has(self.create.cloneFrom)"
              + " || (has(self.create.storage) && has(self.create.diskGiB))",
      message = "a new guest needs a disk; write storage and diskGiB, or cloneFrom",
      fieldPath = ".create")
  public record Guest(
      @Required @JsonPropertyDescription("VM for a virtual machine, CT for a container; fixed.")
          GuestKind kind,
      @Required
          @Min(100)
          @Max(999999999)
          @JsonPropertyDescription("Number of the guest in Proxmox; can't be changed.")
          Integer vmid,
      @JsonPropertyDescription(
              "How to create it if the cluster has no guest of that number; never applied "
                  + "to an existing one.")
          Create create) {

    /** Id in Proxmox HA, as in {@code ct:100}. */
    public String sid() {
      return kind.sidPrefix() + ":" + vmid;
    }
  }

  /** How a guest is made. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @ValidationRule(
      value = "!has(self.node) || self.node.matches('^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$')",
      message = "a node's name is its host name without domain; write for example node1",
      fieldPath = ".node")
  @ValidationRule(
      value =
          "!has(self.hostname)"
              + " || self.hostname.matches('^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$')",
      message = "hostname takes letters, digits, inner hyphens and dots; write for example web",
      fieldPath = ".hostname")
  public record Create(
      @Size(min = 1, max = 63)
          @Pattern(ApiNames.NODE_NAME)
          @JsonPropertyDescription(
              "Node to create it on; the preferred one of placement if absent.")
          String node,
      @Size(min = 1, max = 253)
          @JsonPropertyDescription("Host name; the name of this object if absent.")
          String hostname,
      @Size(min = 1, max = 255)
          @JsonPropertyDescription(
              "Container template, as in local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst.")
          String template,
      @JsonPropertyDescription("Guest to clone instead.") Clone cloneFrom,
      @Size(min = 2, max = 63)
          @JsonPropertyDescription("Storage of its disk; a ZfsPool's storage can be replicated.")
          String storage,
      @Min(1) @Max(131072) @JsonPropertyDescription("Size of its disk.") Long diskGiB,
      @Default("1") @Min(1) @Max(8192) @JsonPropertyDescription("CPU cores.") Integer cores,
      @Default("512") @Min(16) @Max(33554432) @JsonPropertyDescription("Memory.") Long memoryMiB,
      @Size(max = 32) @JsonPropertyDescription("Network interfaces, in order.")
          List<NetworkInterface> network,
      @Default("true")
          @JsonPropertyDescription("Containers only: root inside is an unprivileged user outside.")
          Boolean unprivileged,
      @Default("false") @JsonPropertyDescription("Start it at once, before HA takes over.")
          Boolean start) {

    public Create {
      cores = Copies.orElse(cores, 1);
      memoryMiB = Copies.orElse(memoryMiB, 512L);
      network = Copies.of(network);
      unprivileged = Copies.orElse(unprivileged, true);
      start = Copies.orElse(start, false);
    }
  }

  /** A guest to clone. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Clone(
      @Required @Min(100) @Max(999999999) @JsonPropertyDescription("Number of the guest.")
          Integer vmid,
      @Default("true")
          @JsonPropertyDescription("Copy all data; a linked clone can't be replicated alone.")
          Boolean full) {

    public Clone {
      full = Copies.orElse(full, true);
    }
  }

  /** A network interface of a new guest. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value =
          "!has(self.ip) || self.ip == 'dhcp' || self.ip == 'manual'"
              + " || self.ip.matches('^[0-9]{1,3}([.][0-9]{1,3}){3}/[0-9]{1,2}$')",
      message = "ip is dhcp, manual or an address with prefix length; write 192.0.2.100/24",
      fieldPath = ".ip")
  public record NetworkInterface(
      @Default("vmbr0") @Size(min = 1, max = 32) @JsonPropertyDescription("Bridge of the node.")
          String bridge,
      @Size(min = 1, max = 15)
          @JsonPropertyDescription("Containers only: its name inside; eth0, eth1, ... if absent.")
          String name,
      @Size(min = 1, max = 18)
          @JsonPropertyDescription("Containers only: dhcp, manual, or address/prefix length.")
          String ip,
      @Size(min = 7, max = 15) @JsonPropertyDescription("Containers only: IPv4 gateway.")
          String gateway,
      @Min(1) @Max(4094) @JsonPropertyDescription("VLAN tag.") Integer vlan) {

    public NetworkInterface {
      bridge = Copies.orElse(bridge, "vmbr0");
    }
  }

  /** Where a guest may run. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @ValidationRule(
      value = "!self.strict || (has(self.nodes) && size(self.nodes) > 0)",
      message =
          "strict: true with no nodes leaves the guest nowhere to run; list nodes, or write strict:"
              + " false",
      fieldPath = ".nodes")
  @ValidationRule(
      value = "!has(self.nodes) || self.nodes.all(n, self.nodes.exists_one(m, m.name == n.name))",
      message = "a node is listed twice; list each node once, with its priority",
      fieldPath = ".nodes")
  @ValidationRule(
      value =
          "!has(self.together) || !has(self.apart)"
              + " || !self.together.exists(t, self.apart.exists(a, a == t))",
      message = "a HaResource is both in together and in apart; remove it from one of the lists")
  public record Placement(
      @Size(max = 32) @JsonPropertyDescription("Nodes to run on; none means any.")
          List<PreferredNode> nodes,
      @Default("false")
          @JsonPropertyDescription("Never elsewhere, even if the guest then stays down.")
          Boolean strict,
      @Default("true")
          @JsonPropertyDescription(
              "Restricts it to its node and to nodes with a fresh replica of its disks.")
          Boolean followReplicas,
      @Min(60)
          @Max(31536000)
          @JsonPropertyDescription("How old a replica may be to be followed; any age if absent.")
          Long maxReplicaAgeSeconds,
      @Size(max = 32)
          @JsonPropertyDescription("Names of HaResources that run on the same node as this one.")
          List<@Size(min = 1, max = 253) String> together,
      @Size(max = 32)
          @JsonPropertyDescription("Names of HaResources that never run on the same node.")
          List<@Size(min = 1, max = 253) String> apart) {

    /** Anywhere that a replica is. */
    public static final Placement DEFAULT = new Placement(null, null, null, null, null, null);

    public Placement {
      nodes = Copies.of(nodes);
      strict = Copies.orElse(strict, false);
      followReplicas = Copies.orElse(followReplicas, true);
      together = Copies.of(together);
      apart = Copies.of(apart);
    }
  }

  /** A node to run on. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "self.name.matches('^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$')",
      message = "a node's name is its host name without domain; write for example node1",
      fieldPath = ".name")
  public record PreferredNode(
      @Required
          @Size(min = 1, max = 63)
          @Pattern(ApiNames.NODE_NAME)
          @JsonPropertyDescription("Name of the node.")
          String name,
      @Default("0")
          @Min(0)
          @Max(1000)
          @JsonPropertyDescription("The online nodes of the highest priority are used.")
          Integer priority) {

    public PreferredNode {
      priority = Copies.orElse(priority, 0);
    }
  }

  /** Whether the guest goes home after a failover. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "self.mode == 'Auto' || (!has(self.delaySeconds) && !has(self.window))",
      message = "delaySeconds and window do nothing without mode: Auto; write it, or drop them")
  @ValidationRule(
      value =
          "!has(self.window) || self.window.matches("
              + "'^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$')",
      message = "window is a time of day in UTC from-to; write for example 02:00-05:00",
      fieldPath = ".window")
  public record Failback(
      @Default("Never")
          @JsonPropertyDescription(
              "Auto moves it back when its home node is healthy and the replica there "
                  + "is fresh.")
          FailbackMode mode,
      @Min(0)
          @Max(604800)
          @JsonPropertyDescription("How long its home node must be healthy first; 300 if absent.")
          Long delaySeconds,
      @Size(min = 11, max = 11)
          @JsonPropertyDescription("Time of day in UTC when it may move back, as in 02:00-05:00.")
          String window) {

    /** Never. */
    public static final Failback DEFAULT = new Failback(null, null, null);

    /** Delay of {@link FailbackMode#AUTO} when none is given. */
    public static final long DEFAULT_DELAY_SECONDS = 300;

    public Failback {
      mode = Copies.orElse(mode, FailbackMode.NEVER);
    }
  }

  /** How to tell from outside that the guest answers. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "has(self.http) != has(self.tcp)",
      message = "probe takes exactly one of http and tcp; write one of them")
  @ValidationRule(
      value = "self.timeoutSeconds <= self.intervalSeconds",
      message = "timeoutSeconds is more than intervalSeconds; write at most the interval",
      fieldPath = ".timeoutSeconds")
  public record Probe(
      @JsonPropertyDescription("A page that answers.") Http http,
      @JsonPropertyDescription("A port that accepts.") Tcp tcp,
      @Default("5") @Min(1) @Max(3600) @JsonPropertyDescription("Seconds between two probes.")
          Integer intervalSeconds,
      @Default("2")
          @Min(1)
          @Max(60)
          @JsonPropertyDescription("Seconds without an answer until it counts as failed.")
          Integer timeoutSeconds) {

    public Probe {
      intervalSeconds = Copies.orElse(intervalSeconds, 5);
      timeoutSeconds = Copies.orElse(timeoutSeconds, 2);
    }
  }

  /** A page that answers. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "self.url.matches('^https?://[^/@ ]+(/[^ ]*)?$')",
      message =
          "url is a whole URL with http:// or https:// and no password; write for example"
              + " http://192.0.2.100/",
      fieldPath = ".url")
  public record Http(
      @Required @Size(min = 8, max = 2000) @JsonPropertyDescription("URL of the page.") String url,
      @Default("200")
          @Min(100)
          @Max(599)
          @JsonPropertyDescription("HTTP status that counts as an answer.")
          Integer expectedStatus) {

    public Http {
      expectedStatus = Copies.orElse(expectedStatus, 200);
    }
  }

  /** A port that accepts. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Tcp(
      @Required @Size(min = 1, max = 253) @JsonPropertyDescription("Host name or IP address.")
          String host,
      @Required @Min(1) @Max(65535) @JsonPropertyDescription("Port.") Integer port) {}
}
