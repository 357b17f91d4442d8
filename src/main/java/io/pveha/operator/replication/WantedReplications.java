package io.pveha.operator.replication;

import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.Repair;
import io.pveha.api.v1alpha1.ReplicationDeletionPolicy;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.ReplicationJobSpec;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.replication.WantedReplication;
import io.pveha.operator.host.OrderAnnotation;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The spec of a ReplicationJob as its planner takes it. */
final class WantedReplications {

  private WantedReplications() {}

  static WantedReplication of(ReplicationJob job) {
    ReplicationJobSpec spec = job.getSpec();
    return new WantedReplication(
        new WantedReplication.Targets(
            spec.targets().allOthers(),
            spec.targets().nodes().stream().map(NodeName::new).toList(),
            optional(spec.targets().count())),
        spec.schedule(),
        optional(spec.rateMBps()),
        spec.suspend(),
        Optional.ofNullable(spec.rpoSeconds()).map(Duration::ofSeconds),
        spec.repair() == Repair.RECREATE,
        repairs(job),
        ReplicationFactsReader.mark(job),
        leftover(spec.deletionPolicy()));
  }

  private static Set<String> repairs(ReplicationJob job) {
    return new OrderAnnotation(ApiNames.REPAIR)
        .value(job).stream()
            .flatMap(words -> Stream.of(words.split("[,\\s]+")))
            .filter(word -> !word.isBlank())
            .collect(Collectors.toSet());
  }

  private static WantedReplication.Leftover leftover(ReplicationDeletionPolicy policy) {
    return switch (policy) {
      case RETAIN -> WantedReplication.Leftover.RETAIN;
      case KEEP_REPLICAS -> WantedReplication.Leftover.KEEP_REPLICA;
      case DELETE -> WantedReplication.Leftover.REMOVE;
    };
  }

  private static OptionalInt optional(Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }
}
