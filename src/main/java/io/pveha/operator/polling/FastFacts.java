package io.pveha.operator.polling;

import io.pveha.core.cluster.GuestId;
import io.pveha.core.cluster.NodeName;
import io.pveha.proxmox.ClusterCalls.Member;
import io.pveha.proxmox.ClusterCalls.MembershipView;
import io.pveha.proxmox.GuestCalls.Guest;
import io.pveha.proxmox.HaCalls.ManagerStatus;
import io.pveha.proxmox.HaCalls.Service;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What changes within seconds: membership, guests, HA.
 *
 * @param at when it was asked for
 * @param views what each member that answered said; only of the right cluster
 * @param problems why the others could not be asked, by node
 * @param guests as a quorate member lists them
 * @param ha as a quorate member has it
 */
public record FastFacts(
    Instant at,
    Map<NodeName, MembershipView> views,
    Map<NodeName, String> problems,
    List<Guest> guests,
    ManagerStatus ha) {

  public FastFacts {
    views = Collections.unmodifiableMap(new TreeMap<>(views));
    problems = Collections.unmodifiableMap(new TreeMap<>(problems));
    guests = List.copyOf(guests);
  }

  /** Whether a node is in the quorate part; empty while nobody can tell for sure. */
  public Optional<Boolean> online(NodeName node) {
    List<MembershipView> quorate = quorateViews();
    if (quorate.stream().anyMatch(view -> sees(view, node))) {
      return Optional.of(true);
    }
    // Two views are wanted before a loss is believed, or all that there can be.
    int wanted = Math.min(2, Math.max(1, members().size() - 1));
    return quorate.size() >= wanted ? Optional.of(false) : Optional.empty();
  }

  /** Views of members that hold the quorum, by node name. */
  public List<MembershipView> quorateViews() {
    return views.values().stream().filter(MembershipView::quorate).toList();
  }

  /** Members that hold the quorum and answer, to be asked and written to. */
  public List<NodeName> quorateMembers() {
    return quorateViews().stream().map(MembershipView::self).toList();
  }

  /** All members as the best view lists them, by name. */
  public List<Member> members() {
    return bestView()
        .map(view -> view.members().stream().sorted(Comparator.comparing(Member::name)).toList())
        .orElse(List.of());
  }

  /** Whether any member that answers holds the quorum. */
  public boolean isQuorate() {
    return !quorateViews().isEmpty();
  }

  public Optional<Guest> guest(int vmid) {
    return guests.stream().filter(guest -> guest.id().vmid() == vmid).findFirst();
  }

  public Optional<Guest> guest(GuestId id) {
    return guest(id.vmid()).filter(guest -> guest.id().equals(id));
  }

  public Optional<Service> service(String sid) {
    return Optional.ofNullable(ha.manager().serviceStatus().get(sid));
  }

  private Optional<MembershipView> bestView() {
    return views.values().stream()
        .min(
            Comparator.comparing((MembershipView view) -> !view.quorate())
                .thenComparing(view -> -view.members().size())
                .thenComparing(MembershipView::self));
  }

  /** Whether a view has a node online. */
  static boolean sees(MembershipView view, NodeName node) {
    return view.members().stream()
        .anyMatch(member -> member.name().equals(node) && member.online());
  }
}
