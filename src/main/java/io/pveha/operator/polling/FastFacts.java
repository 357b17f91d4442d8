package io.pveha.operator.polling;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Finding;
import io.pveha.core.safety.QuorumViews;
import io.pveha.proxmox.ClusterCalls.Member;
import io.pveha.proxmox.ClusterCalls.MembershipView;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.HaCalls.Manager;
import io.pveha.proxmox.HaCalls.ManagerStatus;
import io.pveha.proxmox.HaCalls.Service;
import io.pveha.proxmox.Rows;
import io.pveha.proxmox.Rows.Derivation;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What changes within seconds: membership, guests, HA.
 *
 * @param at when guests and HA were asked for
 * @param seenAt as of when the membership is known: so many views as are wanted were asked for then
 *     or later
 * @param membership as the members that answered said; only those of the right cluster
 * @param problems why nodes do not answer as they should, by node
 * @param silent who of those with a view does not answer at present; nothing is begun on the word
 *     of these
 * @param guests as quorate members list them: what any of those asked has
 * @param lists how many members were asked for their lists
 * @param ha as a quorate member has it
 */
public record FastFacts(
    Instant at,
    Instant seenAt,
    MembershipViews membership,
    Map<NodeName, ConditionReason> problems,
    Set<NodeName> silent,
    List<Guest> guests,
    int lists,
    ManagerStatus ha) {

  private static final Derivation<Guest, Map<Integer, Guest>> BY_NUMBER =
      Derivation.firstBy(guest -> guest.id().vmid());
  private static final Derivation<Guest, Map<NodeName, List<Guest>>> BY_NODE =
      Derivation.index(guest -> List.of(guest.node()));

  public FastFacts {
    problems = Collections.unmodifiableMap(new TreeMap<>(problems));
    silent = Set.copyOf(silent);
    guests = Rows.copyOf(guests);
  }

  /** With what each member that answered said. */
  public FastFacts(
      Instant at,
      Instant seenAt,
      Map<NodeName, MembershipView> views,
      Map<NodeName, ConditionReason> problems,
      Set<NodeName> silent,
      List<Guest> guests,
      int lists,
      ManagerStatus ha) {
    this(at, seenAt, new MembershipViews(views), problems, silent, guests, lists, ha);
  }

  /** The same facts, of the same objects as before where they are equal. */
  FastFacts keeping(FastFacts former) {
    return new FastFacts(
        at,
        seenAt,
        membership.equals(former.membership) ? former.membership : membership,
        problems,
        silent,
        Rows.keeping(former.guests, guests, BY_NUMBER, guest -> guest.id().vmid()),
        lists,
        ha);
  }

  /** Whether it says the same, whenever it was asked. */
  boolean saysTheSameAs(FastFacts other) {
    Manager mine = ha.manager();
    Manager others = other.ha.manager();
    return membership.equals(other.membership)
        && problems.equals(other.problems)
        && lists == other.lists
        && doubt().equals(other.doubt())
        && Objects.equals(ha.quorum(), other.ha.quorum())
        && Objects.equals(mine.masterNode(), others.masterNode())
        && mine.nodeStatus().equals(others.nodeStatus())
        && Rows.same(guests, other.guests)
        && (mine == others || mine.serviceStatus().equals(others.serviceStatus()));
  }

  /** What each member that answered said, by its name. */
  public Map<NodeName, MembershipView> views() {
    return membership.views();
  }

  /** When the older part of it was asked for. */
  public Instant oldest() {
    return seenAt.isBefore(at) ? seenAt : at;
  }

  /** Whether a node is in the quorate part; empty while unknown. */
  public Optional<Boolean> online(NodeName node) {
    return membership.online(node);
  }

  /** Why nothing may be written on the word of these members; empty when they are enough. */
  public Optional<Finding> doubt() {
    SortedMap<NodeName, Set<NodeName>> listed = new TreeMap<>();
    answeringViews().forEach(view -> listed.put(view.self(), names(view)));
    return new QuorumViews(members().size(), listed).doubt();
  }

  private static Set<NodeName> names(MembershipView view) {
    return view.members().stream().map(Member::name).collect(Collectors.toSet());
  }

  /**
   * Whether that many members told their lists in this round: two, where two are online. The lists
   * of one may lag behind.
   *
   * @param told how many did
   */
  boolean isAgreed(int told) {
    long online = members().stream().filter(member -> online(member.name()).orElse(true)).count();
    return told >= Math.min(2, Math.max(1, online));
  }

  /** Views of members that hold the quorum, by node name. */
  public List<MembershipView> quorateViews() {
    return membership.quorateViews();
  }

  /** Members that hold the quorum and answer, to be asked and written to. */
  public List<NodeName> quorateMembers() {
    return answeringViews().stream().map(MembershipView::self).toList();
  }

  /** Views of members that hold the quorum and answer at present, by node name. */
  public List<MembershipView> answeringViews() {
    return quorateViews().stream().filter(view -> !silent.contains(view.self())).toList();
  }

  /** All members as the best view lists them, by name. */
  public List<Member> members() {
    return membership.members();
  }

  /** Whether any member that answers holds the quorum. */
  public boolean isQuorate() {
    return !quorateViews().isEmpty();
  }

  public Optional<Guest> guest(int vmid) {
    return Optional.ofNullable(Rows.derived(guests, BY_NUMBER).get(vmid));
  }

  /** Guests whose configuration is on a node. */
  public List<Guest> guestsOn(NodeName node) {
    return Rows.derived(guests, BY_NODE).getOrDefault(node, List.of());
  }

  public Optional<Guest> guest(GuestId id) {
    return guest(id.vmid()).filter(guest -> guest.id().equals(id));
  }

  public Optional<Service> service(String sid) {
    return Optional.ofNullable(ha.manager().serviceStatus().get(sid));
  }

  /** Whether a view has a node online. */
  static boolean sees(MembershipView view, NodeName node) {
    return view.members().stream()
        .anyMatch(member -> member.name().equals(node) && member.online());
  }
}
