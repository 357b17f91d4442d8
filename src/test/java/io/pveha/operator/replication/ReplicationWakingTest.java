package io.pveha.operator.replication;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.pveha.api.v1alpha1.ReplicationJobSpec;
import io.pveha.core.replication.RecoveryPoints;
import io.pveha.core.safety.JobMark;
import io.pveha.operator.polling.ClusterFacts;
import io.pveha.operator.polling.WakingCheck;
import io.pveha.operator.polling.WakingCheck.Subject;
import io.pveha.operator.polling.Watchers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a ReplicationJob reads of a cluster, and what wakes it. */
class ReplicationWakingTest {

  @Test
  void nobodySleepsThroughWhatItReads() {
    WakingCheck.nobodySleepsThrough(
        Watchers.Kind.REPLICATION,
        Stream.of(
                "r100 {guest: {vmid: 100}}",
                "r101 {guest: {vmid: 101}}",
                "r105 {guest: {vmid: 105}}",
                "web {selector: {tags: [web]}}",
                "prod {selector: {tags: [web], pool: prod}}",
                "none {selector: {tags: [no-such-tag]}}")
            .map(ReplicationWakingTest::subject)
            .toList());
  }

  private static Subject subject(String text) {
    String name = text.substring(0, text.indexOf(' '));
    ReplicationJobSpec spec =
        Serialization.unmarshal(
            "clusterRef: {name: c}\ntargets: {count: 1}\n"
                + text.substring(name.length()).strip().replaceFirst("\\{(.*)}", "$1"),
            ReplicationJobSpec.class);
    return new Subject(
        name, ReplicationConcern.of(spec), facts -> reads(spec, new JobMark("ns", name), facts));
  }

  /** All that it reads. */
  private static Object reads(ReplicationJobSpec spec, JobMark mark, ClusterFacts facts) {
    return List.of(
        SelectionDoubt.of(spec, new io.pveha.api.v1alpha1.ReplicationJob().reported(), facts),
        new ReplicationFactsReader(
                facts, Set.of(), Map.of(), RecoveryPoints.NONE, mark, Set.of(), Map.of())
            .of(ReplicationFactsReader.meant(spec, facts), Map.of()));
  }
}
