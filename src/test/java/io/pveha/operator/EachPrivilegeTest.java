package io.pveha.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.core.safety.NeededPrivilege;
import io.pveha.proxmox.ApiRequest;
import io.pveha.simulator.machine.PveVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Takes each privilege away in turn while the reference story runs, with all in use that rests on
 * one: the cluster says what it lacks and how that is granted, and nothing is made, removed or
 * narrowed. Given back, all is well again. The token holds what {@link NeededPrivilege} has and no
 * more, so that the story also shows that this is enough. One cluster a release, since telling the
 * story anew for each would take too long.
 */
class EachPrivilegeTest {

  private static final Duration SOON = Duration.ofMinutes(1);

  /** Longer than absence must last to be believed, and a slow round. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

  @TestFactory
  Stream<DynamicTest> ofEight() {
    return of(PveVersion.V8_3, 8);
  }

  @TestFactory
  Stream<DynamicTest> ofNine() {
    return of(PveVersion.V9_1, 9);
  }

  private static Stream<DynamicTest> of(PveVersion version, int major) {
    VirtualStage stage = story(version, major);
    Map<String, List<NeededPrivilege>> all = new LinkedHashMap<>();
    NeededPrivilege.ALL.stream()
        .filter(each -> each.isAskedBy(major, major))
        .forEach(
            each ->
                all.computeIfAbsent(each.name() + " on " + each.path(), key -> new ArrayList<>())
                    .add(each));
    return all.entrySet().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    "without " + each.getKey(), () -> isMissed(stage, each.getValue())))
        .onClose(stage::close);
  }

  /** All that rests on a privilege: also options, unmanaged guests that are moved, and a clone. */
  private static VirtualStage story(PveVersion version, int major) {
    VirtualStage stage = VirtualStage.of(version);
    onlyWhatIsNeeded(new Grants(stage), major);
    String more = "health: {unmanagedGuests: Move}\nhaOptions: {shutdownPolicy: migrate}\n";
    stage.applyReference(more);
    new ByHand(stage)
        .on("node1")
        .call(ApiRequest.post("/nodes/node1/qemu").with("vmid", 200).with("scsi0", "tank:4"));
    stage.pass(Duration.ofSeconds(20));
    stage.apply(
        """
        apiVersion: pveha.io/v1alpha1
        kind: HaResource
        metadata: {name: clone, namespace: %s}
        spec:
          clusterRef: {name: reference}
          guest:
            kind: VM
            vmid: 200
            create: {node: node1, hostname: clone, cloneFrom: {vmid: 900}}
          state: started
        """
            .formatted(stage.namespace));
    awaitAll(stage);
    return stage;
  }

  private static void onlyWhatIsNeeded(Grants grants, int major) {
    Map<String, Set<String>> roles = new TreeMap<>();
    NeededPrivilege.ALL.stream()
        .filter(each -> each.isAskedBy(major, major))
        .forEach(
            each -> roles.computeIfAbsent(each.role(), role -> new TreeSet<>()).add(each.name()));
    roles.forEach(grants::privileges);
  }

  private static void isMissed(VirtualStage stage, List<NeededPrivilege> missing) {
    NeededPrivilege first = missing.get(0);
    Grants grants = new Grants(stage);
    int before = stage.writes().size();

    grants.without(first);
    stage.until("it is told", () -> isPermitted(stage, "False"), SOON);
    stage.pass(LONG_ENOUGH);

    assertThat(VirtualStage.condition(stage.cluster(), ConditionType.PERMITTED))
        .hasValueSatisfying(
            told -> {
              assertThat(told.getStatus()).isEqualTo("False");
              assertThat(told.getReason()).isEqualTo(ConditionReason.PERMISSION_DENIED.text());
              assertThat(told.getMessage())
                  .contains("%s on %s, for ".formatted(first.name(), first.path()))
                  .contains(missing.stream().map(NeededPrivilege::purpose).toList())
                  .contains("--privs \"%s\" --append; ".formatted(first.name()))
                  .contains(
                      "pveum acl modify %s --roles %s --users operator@pve --tokens"
                              .formatted(first.path(), first.role())
                          + " 'operator@pve!pveha'");
            });
    assertThat(stage.writes()).hasSize(before);

    grants.with(first);
    stage.until("it is told", () -> isPermitted(stage, "True"), SOON);
    awaitAll(stage);
    assertThat(stage.writes()).hasSize(before);
    assertThat(stage.failures()).isEmpty();
  }

  private static void awaitAll(VirtualStage stage) {
    stage.awaitReference();
    stage.until(
        "the other guest",
        () -> VirtualStage.is(stage.get(HaResource.class, "clone"), ConditionType.READY, "True"),
        SOON);
  }

  private static boolean isPermitted(VirtualStage stage, String status) {
    return VirtualStage.is(stage.cluster(), ConditionType.PERMITTED, status);
  }
}
