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
import java.util.Map;
import java.util.Optional;

/** What a ProxmoxCluster should be. Never null inside: absent lists are empty, defaults filled. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "self.clusterName == oldSelf.clusterName",
    message =
        "clusterName can't change: Proxmox can't rename a cluster; put the old name back, or make"
            + " a new ProxmoxCluster",
    fieldPath = ".clusterName")
@ValidationRule(
    value = "self.clusterName.matches('^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$')",
    message = "clusterName takes letters, digits and inner hyphens only; write for example prod-1",
    fieldPath = ".clusterName")
@ValidationRule(
    value = "self.nodes.all(n, self.nodes.exists_one(m, m.name == n.name))",
    message = "two nodes have the same name; give each node of the list a name of its own",
    fieldPath = ".nodes")
@ValidationRule(
    value = "self.nodes.all(n, self.nodes.exists_one(m, m.address == n.address))",
    message = "two nodes have the same address; give each node of the list its own host or port",
    fieldPath = ".nodes")
@ValidationRule(
    value =
        "self.nodes.all(n, (has(n.links) ? size(n.links) : 0)"
            + " == (has(self.nodes[0].links) ? size(self.nodes[0].links) : 0))",
    message =
        "every node needs the same number of links, in the same order; list an address for each"
            + " link on each node, or leave links out everywhere",
    fieldPath = ".nodes")
@ValidationRule(
    value = "self.formation != 'Create' || has(self.formationSecretRef)",
    message =
        "formation: Create needs formationSecretRef; name a Secret with the password of root@pam,"
            + " since Proxmox lets no token create or join a cluster",
    fieldPath = ".formationSecretRef")
@ValidationRule(
    value = "self.formation != 'Create' || self.nodes[0].votes >= 1",
    message = "the first node creates the cluster and needs at least one vote; set its votes to 1",
    fieldPath = ".nodes")
@ValidationRule(
    value = "self.nodes.exists(n, n.votes >= 1)",
    message = "no node has a vote, so there could be no quorum; give votes: 1 to a node",
    fieldPath = ".nodes")
@ValidationRule(
    value = "!has(self.homeSite) || self.nodes.exists(n, has(n.site) && n.site == self.homeSite)",
    message = "homeSite is the site of no node; write a site that a node has",
    fieldPath = ".homeSite")
@ValidationRule(
    value =
        "!has(self.maintenance)" + " || self.maintenance.all(m, self.nodes.exists(n, n.name == m))",
    message = "maintenance names a node that is not in nodes; write the name of a listed node",
    fieldPath = ".maintenance")
@ValidationRule(
    value =
        "!has(self.maintenance)"
            + " || self.nodes.exists(n, !self.maintenance.exists(m, m == n.name))",
    message = "all nodes are in maintenance, guests could go nowhere; remove a node from the list",
    fieldPath = ".maintenance")
@ValidationRule(
    value =
        "!has(self.failover) || self.failover.mode != 'Operator'"
            + " || self.nodes.all(n, has(n.fencing))",
    message =
        "failover.mode: Operator needs fencing on every node; name a fence agent for each, or use"
            + " ProxmoxHA",
    fieldPath = ".failover")
@ValidationRule(
    value =
        "!has(self.health) || !has(self.health.minHealthy)"
            + " || self.health.minHealthy <= size(self.nodes)",
    message = "health.minHealthy is more than there are nodes; write a number up to their count",
    fieldPath = ".health")
public record ProxmoxClusterSpec(
    @Default("Enforce")
        @JsonPropertyDescription(
            "Enforce makes Proxmox what this spec says; Observe writes nothing to Proxmox and"
                + " reports the steps in status.plannedChanges.")
        ManagementPolicy managementPolicy,
    @Default("Adopt")
        @JsonPropertyDescription(
            "Create forms the cluster from bare nodes: created on the first of the list, joined"
                + " by the others one by one. Adopt takes an existing cluster as it is.")
        Formation formation,
    @Required
        @Size(min = 1, max = 15)
        @JsonPropertyDescription("Name of the cluster in Proxmox; can't be changed.")
        String clusterName,
    @Required
        @Size(min = 1, max = 32)
        @JsonPropertyDescription("The members. With formation: Create the first one creates.")
        List<Node> nodes,
    @Size(min = 1, max = 63)
        @JsonPropertyDescription(
            "Site whose quorum must not depend on other sites; the first node's if absent."
                + " Placement takes nodes of other sites last.")
        String homeSite,
    @Required
        @JsonPropertyDescription(
            "Secret with the API token for everyday work: tokenId (user@realm!name) and"
                + " tokenSecret.")
        SecretRef credentialsSecretRef,
    @JsonPropertyDescription(
            "Secret with username (root@pam) and password, used only while nodes are created or"
                + " joined.")
        SecretRef formationSecretRef,
    @JsonPropertyDescription("Which certificates of the nodes are trusted.") Tls tls,
    @JsonPropertyDescription("What is done about nodes in bad health, and what holds it back.")
        Health health,
    @Size(max = 32) @JsonPropertyDescription("Nodes to empty and keep empty.")
        List<@Size(min = 1, max = 63) @Pattern(ApiNames.NODE_NAME) String> maintenance,
    @JsonPropertyDescription("Who recovers guests of a dead node.") Failover failover,
    @JsonPropertyDescription(
            "Cluster-wide HA options of Proxmox; options absent here stay unchanged.")
        HaOptions haOptions)
    implements ManagedSpec {

  public ProxmoxClusterSpec {
    managementPolicy = Copies.orElse(managementPolicy, ManagementPolicy.ENFORCE);
    formation = Copies.orElse(formation, Formation.ADOPT);
    nodes = Copies.of(nodes);
    maintenance = Copies.of(maintenance);
  }

  /** Looks a member up by its name. */
  public Optional<Node> node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /** The site whose quorum counts, if the spec speaks of sites at all. */
  public Optional<String> effectiveHomeSite() {
    return homeSite != null ? Optional.of(homeSite) : nodes.stream().findFirst().map(Node::site);
  }

  /** Never null. */
  public FailoverMode failoverMode() {
    return failover == null ? FailoverMode.PROXMOX_HA : failover.mode();
  }

  /** A member of the cluster. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @ValidationRule(
      value = "self.name.matches('^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$')",
      message = "a node's name is its host name without domain; write for example node1",
      fieldPath = ".name")
  @ValidationRule(
      value =
          "self.address.matches("
              + "'^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\\\[[0-9A-Fa-f:.]+\\\\])"
              + "(:[1-9][0-9]{0,4})?$')",
      message =
          "address is host or host:port without https:// and path; write for example"
              + " 192.0.2.11:8006",
      fieldPath = ".address")
  @ValidationRule(
      value =
          "!has(self.tlsFingerprint)"
              + " || self.tlsFingerprint.matches('^([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}$')",
      message =
          "tlsFingerprint is the SHA-256 of the certificate as 32 hex pairs with colons; copy it"
              + " from the node's Certificates page",
      fieldPath = ".tlsFingerprint")
  public record Node(
      @Required
          @Size(min = 1, max = 63)
          @Pattern(ApiNames.NODE_NAME)
          @JsonPropertyDescription("Name of the node in Proxmox: its host name without domain.")
          String name,
      @Required
          @Size(min = 1, max = 260)
          @JsonPropertyDescription("Where its API answers: host or host:port, port 8006 if absent.")
          String address,
      @Size(max = 8)
          @JsonPropertyDescription(
              "Its addresses on the cluster networks; the first is corosync's link0.")
          List<Link> links,
      @Default("1")
          @Min(0)
          @Max(16)
          @JsonPropertyDescription("Its votes in the quorum; used when it creates or joins.")
          Integer votes,
      @Size(min = 1, max = 63)
          @JsonPropertyDescription("Its site, if the nodes are not all at one site.")
          String site,
      @Size(max = 95)
          @JsonPropertyDescription(
              "SHA-256 fingerprint of its certificate, trusted instead of an authority. After the"
                  + " node joined, the one in status counts, since joining makes a new one.")
          String tlsFingerprint,
      @JsonPropertyDescription("How to cut its power, for failover mode Operator.")
          Fencing fencing) {

    /** Port of the API when the address names none. */
    public static final int DEFAULT_PORT = 8006;

    public Node {
      links = Copies.of(links);
      votes = Copies.orElse(votes, 1);
    }

    /** The host of {@link #address()}; an IPv6 address without its brackets. */
    public String host() {
      int end = address.lastIndexOf(':');
      String host = end > address.lastIndexOf(']') ? address.substring(0, end) : address;
      return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** The port of {@link #address()}. */
    public int port() {
      int colon = address.lastIndexOf(':');
      return colon > address.lastIndexOf(']')
          ? Integer.parseInt(address.substring(colon + 1))
          : DEFAULT_PORT;
    }
  }

  /** An address of a node on one cluster network. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value = "self.address.matches('^[0-9A-Za-z.:-]+$')",
      message = "a link's address is an IP address without prefix length; write 10.0.0.11",
      fieldPath = ".address")
  public record Link(
      @Required
          @Size(min = 1, max = 253)
          @JsonPropertyDescription("IP address of the node on this network.")
          String address,
      @Min(0)
          @Max(255)
          @JsonPropertyDescription("The link of the highest priority is used while it works.")
          Integer priority) {}

  /** How a node's power is cut: a program of the fence-agents project and its parameters. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @ValidationRule(
      value = "self.agent.matches('^fence_[a-z0-9_]+$')",
      message = "agent is a program of the fence-agents project; write for example fence_redfish",
      fieldPath = ".agent")
  @ValidationRule(
      value = "!has(self.parameters) || !('password' in self.parameters)",
      message = "a password has no place in parameters; put it into the Secret of secretRef",
      fieldPath = ".parameters")
  public record Fencing(
      @Required
          @Size(min = 7, max = 63)
          @JsonPropertyDescription("Name of the fence agent, as in fence_redfish or fence_ipmilan.")
          String agent,
      @Size(max = 32)
          @JsonPropertyDescription(
              "Its parameters by their names on standard input, as in ip, plug.")
          Map<String, @Size(max = 1024) String> parameters,
      @JsonPropertyDescription("Secret with username and password for the agent.")
          SecretRef secretRef) {

    public Fencing {
      parameters = Copies.of(parameters);
    }
  }

  /** What certificates are trusted beside those of the system. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Tls(
      @JsonPropertyDescription(
              "Secret with ca.crt: the authorities to trust instead of the system's, PEM.")
          SecretRef caSecretRef) {}

  /** What is done about nodes in bad health, and what holds it back. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Health(
      @Size(max = 64)
          @JsonPropertyDescription("Added to the built-in rules; same condition replaces.")
          List<Rule> rules,
      @Min(1)
          @Max(32)
          @JsonPropertyDescription(
              "Nodes that must stay healthy, or no automatic action is taken; if absent, more"
                  + " than half of three or more, and one of two.")
          Integer minHealthy,
      @Min(1) @Max(64) @JsonPropertyDescription("How many guests are moved at once; 2 if absent.")
          Integer maxConcurrentMoves,
      @Min(0)
          @Max(86400)
          @JsonPropertyDescription(
              "After many nodes failed at once: how long nothing is done; 300 if absent.")
          Long stormCooldownSeconds,
      @Min(0)
          @Max(604800)
          @JsonPropertyDescription(
              "How long a node must be healthy before it is used again; 300 if absent.")
          Long healthyDelaySeconds,
      @JsonPropertyDescription(
              "What happens to guests outside HA on a node that is emptied; Leave if absent.")
          UnmanagedGuests unmanagedGuests,
      @Size(max = 16)
          @JsonPropertyDescription("Reasons to take no automatic action now; empty to resume.")
          List<@Size(min = 1, max = 256) String> paused) {

    public Health {
      rules = Copies.of(rules);
      paused = Copies.of(paused);
    }
  }

  /** What to do when a condition of a node has had a status for a while. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value = "self.condition.matches('^([A-Za-z0-9.-]+/)?[A-Z][A-Za-z0-9]*$')",
      message =
          "condition is the type of a node's condition; write for example PoolsHealthy, or"
              + " example.com/Hot for one of your own",
      fieldPath = ".condition")
  public record Rule(
      @Required
          @Size(min = 1, max = 128)
          @JsonPropertyDescription("Type of the condition in status.nodes[].conditions.")
          String condition,
      @Required @JsonPropertyDescription("Status of the condition that the rule applies to.")
          ConditionStatus status,
      @Default("0")
          @Min(0)
          @Max(86400)
          @JsonPropertyDescription("How long it must have had that status.")
          Long forSeconds,
      @Required @JsonPropertyDescription("What is done then.") HealthAction action) {

    public Rule {
      forSeconds = Copies.orElse(forSeconds, 0L);
    }
  }

  /** Who recovers guests of a dead node. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Failover(
      @Default("ProxmoxHA")
          @JsonPropertyDescription(
              "ProxmoxHA leaves it to Proxmox's own HA stack, about two minutes; Operator fences"
                  + " the node and starts the guest elsewhere within seconds.")
          FailoverMode mode) {

    public Failover {
      mode = Copies.orElse(mode, FailoverMode.PROXMOX_HA);
    }
  }

  /** Cluster-wide HA options of Proxmox; null where Proxmox's own value stays. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record HaOptions(
      @JsonPropertyDescription("How a node is picked; dynamic needs Proxmox VE 9.2.")
          Scheduler scheduler,
      @JsonPropertyDescription("Whether a node is also picked again when a guest is started.")
          Boolean rebalanceOnStart,
      @JsonPropertyDescription("What happens to guests of a node that is shut down on purpose.")
          ShutdownPolicy shutdownPolicy) {}
}
