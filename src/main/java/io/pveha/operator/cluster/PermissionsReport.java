package io.pveha.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.HaResource;
import io.pveha.api.v1alpha1.HaResourceSpec;
import io.pveha.api.v1alpha1.ManagementPolicy;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.api.v1alpha1.ProxmoxClusterSpec;
import io.pveha.api.v1alpha1.ReplicationJob;
import io.pveha.api.v1alpha1.UnmanagedGuests;
import io.pveha.api.v1alpha1.ZfsPool;
import io.pveha.core.safety.Feature;
import io.pveha.core.safety.HeldPrivileges;
import io.pveha.core.safety.MissingPrivileges;
import io.pveha.operator.connection.ClusterLogin;
import io.pveha.operator.polling.SlowFacts;
import io.pveha.operator.status.Conditions;
import io.pveha.proxmox.ClusterCalls;
import io.pveha.proxmox.Credentials;
import java.util.EnumSet;
import java.util.IntSummaryStatistics;
import java.util.Optional;
import java.util.Set;

/**
 * Says which privileges the token lacks, what for, and how it is given them.
 *
 * @param inUse what rests on privileges in this cluster
 * @param tokenId whose privileges they are
 */
record PermissionsReport(Set<Feature> inUse, String tokenId) {

  static PermissionsReport of(ProxmoxCluster cluster, Dependants dependants, ClusterLogin login) {
    return new PermissionsReport(
        inUse(cluster.getSpec(), dependants),
        login.token().map(Credentials.ApiToken::id).orElse("operator@pve!pveha"));
  }

  private static Set<Feature> inUse(ProxmoxClusterSpec spec, Dependants dependants) {
    Set<Feature> inUse = EnumSet.of(Feature.SEEING);
    if (spec.managementPolicy() == ManagementPolicy.OBSERVE) {
      return inUse;
    }
    inUse.add(Feature.OWNERSHIP);
    inUse.add(Feature.HIGH_AVAILABILITY);
    if (spec.haOptions() != null) {
      inUse.add(Feature.OPTIONS);
    }
    if (spec.health() != null && spec.health().unmanagedGuests() == UnmanagedGuests.MOVE) {
      inUse.add(Feature.MOVING_UNMANAGED_GUESTS);
    }
    dependants.all().forEach(object -> add(object, inUse));
    return inUse;
  }

  private static void add(HasMetadata object, Set<Feature> inUse) {
    if (object instanceof ZfsPool pool) {
      if (pool.getSpec().managementPolicy() != ManagementPolicy.OBSERVE) {
        inUse.add(Feature.POOLS);
      }
    } else if (object instanceof ReplicationJob job) {
      if (job.getSpec().managementPolicy() != ManagementPolicy.OBSERVE) {
        inUse.add(Feature.REPLICATION);
      }
    } else if (object instanceof HaResource resource
        && resource.getSpec().managementPolicy() != ManagementPolicy.OBSERVE) {
      HaResourceSpec.Create create = resource.getSpec().guest().create();
      if (create != null) {
        inUse.add(Feature.MAKING_GUESTS);
      }
      if (create != null && create.cloneFrom() != null) {
        inUse.add(Feature.CLONING_GUESTS);
      }
    }
  }

  void judge(SlowFacts facts, Conditions conditions) {
    judge(facts.privileges(), Optional.of(facts), conditions);
  }

  /**
   * Judges what the token holds now.
   *
   * @param known what tells the versions of the nodes, which ask for different privileges
   */
  void judge(HeldPrivileges held, Optional<SlowFacts> known, Conditions conditions) {
    if (held.unknown().isPresent()) {
      conditions.isUnknown(
          ConditionType.PERMITTED,
          ConditionReason.NOT_TOLD,
          ("Proxmox does not say what the token may do (%s), so nothing is concluded from what its"
                  + " lists lack.")
              .formatted(held.unknown().get().replaceAll("\\.$", "")));
      return;
    }
    MissingPrivileges missing = missing(known, held);
    if (!missing.needed().isEmpty()) {
      conditions.isFalse(
          ConditionType.PERMITTED,
          ConditionReason.PERMISSION_DENIED,
          "%s lacks %s. Run on a node, as root: %s"
              .formatted(
                  tokenId, missing.neededWords(), String.join(" ; ", missing.commands(tokenId))));
    } else if (!missing.spare().isEmpty()) {
      conditions.isTrue(
          ConditionType.PERMITTED,
          ConditionReason.AS_SPECIFIED,
          "%s has every privilege that is in use. It lacks, and nothing here needs: %s."
              .formatted(tokenId, missing.spareWords()));
    } else {
      conditions.isTrue(
          ConditionType.PERMITTED,
          ConditionReason.AS_SPECIFIED,
          "%s has every privilege that is in use.".formatted(tokenId));
    }
  }

  private MissingPrivileges missing(Optional<SlowFacts> known, HeldPrivileges held) {
    IntSummaryStatistics majors =
        known.stream()
            .flatMap(facts -> facts.nodes().values().stream())
            .mapToInt(node -> new ClusterCalls.Version(node.version(), null).major())
            .summaryStatistics();
    return majors.getCount() == 0
        ? MissingPrivileges.of(held, inUse, Integer.MIN_VALUE, Integer.MAX_VALUE)
        : MissingPrivileges.of(held, inUse, majors.getMin(), majors.getMax());
  }
}
