package io.pveha.core.resource;

import static io.pveha.core.resource.FollowedGuest.NOW;
import static io.pveha.core.resource.FollowedGuest.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.plan.Memory;
import io.pveha.core.resource.ResourceFacts.Affinity;
import io.pveha.core.resource.ResourceStep.PutPlacement;
import io.pveha.core.resource.WantedResource.Preference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FollowedPlacementTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void needsNoRuleWhereEveryNodeHasAFreshCopy() {
    assertThat(new FollowedGuest(3).choose().preferences()).isEmpty();
  }

  @Test
  void allowsStrictlyWhereItIsAndWhereACopyIs() {
    PlacementChoice choice = new FollowedGuest(3).none(3).choose();

    assertThat(choice.preferences()).contains(preferences(Map.of("node1", 0, "node2", 0)));
  }

  @Test
  void waitsForTheFirstRunsOfNewJobs() {
    assertThat(new FollowedGuest(4).awaited(2).none(3).none(4).choose().preferences()).isEmpty();
  }

  @Test
  void leavesANodeOutWhoseCopyIsTooOldOrWhosePoolFails() {
    FollowedGuest guest = new FollowedGuest(4).failing(2, HOUR).broken(3);
    guest.limit = Optional.of(Duration.ofMinutes(10));

    PlacementChoice choice = guest.choose();

    assertThat(choice.preferences()).contains(preferences(Map.of("node1", 0, "node4", 0)));
    assertThat(choice.leftOut())
        .containsEntry(node(2), "its replica is older than 600 s")
        .containsEntry(node(3), "its pool tank is SUSPENDED");
  }

  @Test
  void takesANodeBackOnlyWhenItsCopyStaysYoungEnough() {
    FollowedGuest guest =
        new FollowedGuest(3).written(Map.of("node1", 0, "node2", 0)).copy(3, 60, "*/30", 1740, 0);
    guest.limit = Optional.of(Duration.ofMinutes(10));
    assertThat(guest.nodes()).containsOnlyKeys("node1", "node2");

    guest.fresh(3);
    assertThat(guest.choose().preferences()).isEmpty();
  }

  @Test
  void prefersTheFresherCopyWhenAJobFailsAndForgetsThatWhenItGoesAgain() {
    FollowedGuest guest = new FollowedGuest(3).failing(3, HOUR);
    guest.write();
    assertThat(guest.nodes()).isEqualTo(Map.of("node1", 1, "node2", 1, "node3", 0));

    assertThat(guest.fresh(3).choose().preferences()).isEmpty();
  }

  @Test
  void prefersTheNodeThatIsSyncedMoreOften() {
    FollowedGuest guest = new FollowedGuest(3).copy(3, 600, "0/1:00", 3000, 0);

    assertThat(guest.nodes()).isEqualTo(Map.of("node1", 1, "node2", 1, "node3", 0));
  }

  @Test
  void doesNotReorderForANodeThatIsBackAndAboutToBeSynced() {
    assertThat(new FollowedGuest(3).copy(3, 1200, "*/1", 30, 0).choose().preferences()).isEmpty();
  }

  @Test
  void changesNothingForANodeThatIsOffline() {
    assertThat(new FollowedGuest(3).offline(2).choose().preferences()).isEmpty();

    FollowedGuest without = new FollowedGuest(3).offline(2).written(Map.of("node1", 0, "node3", 0));
    assertThat(without.nodes()).containsOnlyKeys("node1", "node3");
  }

  @Test
  void leavesOutNodesThatTakeNoNewGuestsButNeverItsOwn() {
    FollowedGuest guest = new FollowedGuest(3);
    guest.keptAway.put(node(1), "it is in spec.maintenance");
    guest.keptAway.put(node(2), "it takes no new guests because of PoolsHealthy");

    assertThat(guest.nodes()).containsOnlyKeys("node1", "node3");
  }

  @Test
  void keepsTheFreshestWhenNoneIsGoodAndSaysSo() {
    FollowedGuest guest = new FollowedGuest(4).failing(2, HOUR.multipliedBy(2)).failing(3, HOUR);
    guest.broken(4);
    guest.limit = Optional.of(Duration.ofMinutes(10));

    PlacementChoice choice = guest.write();

    assertThat(choice.spared()).contains(node(3));
    assertThat(choice.preferences().get().nodes()).containsOnlyKeys("node1", "node3");
    assertThat(guest.choose().spared()).contains(node(3));
  }

  @Test
  void keepsWithinAStrictListAndItsOrder() {
    FollowedGuest guest = new FollowedGuest(4).none(4);
    guest.listed =
        List.of(new Preference(node(4), 9), new Preference(node(1), 1), new Preference(node(2), 5));
    guest.strict = true;

    assertThat(guest.nodes()).isEqualTo(Map.of("node1", 0, "node2", 1));
  }

  @Test
  void takesTheOwnersWordWhenNoNodeOfAStrictListHasACopy() {
    FollowedGuest guest = new FollowedGuest(4).none(3).none(4);
    guest.listed = List.of(new Preference(node(3), 0), new Preference(node(4), 0));
    guest.strict = true;

    assertThat(guest.nodes()).containsOnlyKeys("node3", "node4");
  }

  @Test
  void putsTheOrderOfTheSpecBeforeFreshness() {
    FollowedGuest guest = new FollowedGuest(4).failing(2, HOUR).failing(3, HOUR);
    guest.listed = List.of(new Preference(node(2), 1));

    assertThat(guest.nodes()).isEqualTo(Map.of("node1", 1, "node2", 2, "node3", 0, "node4", 1));
  }

  @Test
  void takesNodesOfOtherSitesLast() {
    FollowedGuest guest = new FollowedGuest(3);
    guest.remote = Set.of(node(3));

    assertThat(guest.nodes()).isEqualTo(Map.of("node1", 1, "node2", 1, "node3", 0));
  }

  @Test
  void makesNoOrderForAGuestThatIsBoundToOthers() {
    FollowedGuest guest = new FollowedGuest(4).failing(3, HOUR).none(4);
    guest.affinities = List.of(new Affinity("apart", Set.of("ct:100", "ct:101"), false, false));

    assertThat(guest.nodes()).isEqualTo(Map.of("node1", 0, "node2", 0, "node3", 0));
  }

  @Test
  void leavesTheRuleToThePartnerItIsKeptTogetherWith() {
    FollowedGuest guest = new FollowedGuest(3).none(3);
    guest.affinities = List.of(new Affinity("together", Set.of("ct:100", "ct:099"), true, false));

    assertThat(guest.choose().preferences()).isEmpty();
  }

  @Test
  void keepsTheRuleWhenRolesSwapAfterAFailover() {
    FollowedGuest guest = new FollowedGuest(4).none(4);
    guest.write();
    guest.own = node(2);
    guest.none(2).fresh(1).fresh(3).offline(1);

    assertThat(guest.nodes()).isEqualTo(guest.written.get().nodes());
    guest.awaited(1);
    assertThat(guest.nodes()).isEqualTo(guest.written.get().nodes());
  }

  @Test
  void takesARuleOverThatGroupsBecameAndWidensItAgain() {
    FollowedGuest guest = new FollowedGuest(3).none(3);
    guest.written =
        Optional.of(FollowedGuest.entry("ha-group-web", Map.of("node1", 2, "node3", 1), false));
    PutPlacement taken = put(guest);
    assertThat(taken.name()).isEqualTo("ha-group-web");
    assertThat(taken.exists()).isTrue();
    assertThat(taken.nodes()).isEqualTo(Map.of("node1", 0, "node2", 0));
    assertThat(taken.strict()).isTrue();

    guest.written = Optional.of(FollowedGuest.entry("ha-group-web", taken.nodes(), true));
    guest.fresh(3);
    PutPlacement widened = put(guest);
    assertThat(widened.nodes()).containsOnlyKeys("node1", "node2", "node3");
    assertThat(widened.strict()).isFalse();

    guest.written = Optional.of(FollowedGuest.entry("ha-group-web", widened.nodes(), false));
    assertThat(ResourcePlanner.plan(guest.wanted(), guest.facts(), Memory.EMPTY, NOW, NOW).isDone())
        .isTrue();
  }

  private static PutPlacement put(FollowedGuest guest) {
    return (PutPlacement)
        ResourcePlanner.plan(guest.wanted(), guest.facts(), Memory.EMPTY, NOW, NOW).now().get(0);
  }

  private static Preferences preferences(Map<String, Integer> nodes) {
    return new Preferences(new java.util.TreeMap<>(nodes), true);
  }
}
