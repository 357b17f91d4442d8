package io.pveha.operator.polling;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.safety.QuorumViews;
import io.pveha.proxmox.ClusterCalls.Member;
import io.pveha.proxmox.ClusterCalls.MembershipView;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What each member that answered said of the membership, and what follows from all of it. */
final class MembershipViews {

  private final Map<NodeName, MembershipView> views;
  private final List<MembershipView> quorateViews;
  private final List<Member> members;
  private final Set<NodeName> seen;
  private final Map<NodeName, Boolean> online;

  MembershipViews(Map<NodeName, MembershipView> views) {
    this.views = Collections.unmodifiableMap(new TreeMap<>(views));
    this.quorateViews = this.views.values().stream().filter(MembershipView::quorate).toList();
    this.members =
        bestView()
            .map(
                view -> view.members().stream().sorted(Comparator.comparing(Member::name)).toList())
            .orElse(List.of());
    this.seen = new HashSet<>();
    quorateViews.forEach(
        view ->
            view.members().stream().filter(Member::online).map(Member::name).forEach(seen::add));
    Map<NodeName, Boolean> sure = new LinkedHashMap<>();
    members.forEach(member -> sure.put(member.name(), online(member.name()).orElse(false)));
    this.online = Collections.unmodifiableMap(sure);
  }

  Map<NodeName, MembershipView> views() {
    return views;
  }

  List<MembershipView> quorateViews() {
    return quorateViews;
  }

  List<Member> members() {
    return members;
  }

  /** All members by name, and whether they are confirmed online. */
  Map<NodeName, Boolean> online() {
    return online;
  }

  Optional<Boolean> online(NodeName node) {
    if (seen.contains(node)) {
      return Optional.of(true);
    }
    return quorateViews.size() >= QuorumViews.wanted(members.size())
        ? Optional.of(false)
        : Optional.empty();
  }

  private Optional<MembershipView> bestView() {
    return views.values().stream()
        .min(
            Comparator.comparing((MembershipView view) -> !view.quorate())
                .thenComparing(view -> -view.members().size())
                .thenComparing(MembershipView::self));
  }

  @Override
  public boolean equals(Object other) {
    return this == other || other instanceof MembershipViews known && views.equals(known.views);
  }

  @Override
  public int hashCode() {
    return views.hashCode();
  }

  @Override
  public String toString() {
    return views.toString();
  }
}
