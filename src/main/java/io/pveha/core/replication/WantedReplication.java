package io.pveha.core.replication;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.safety.JobMark;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How guests are to be replicated.
 *
 * @param rateMBps limit of the transfer; empty for none
 * @param suspended whether the jobs are disabled
 * @param rpo how old the freshest replica may be; empty when nobody cares
 * @param recreate whether a job with a broken chain may be removed with its replica and recreated
 * @param repairs replicas that may be recreated by their owner's word, as in {@code JOB@TIME}
 * @param mark what jobs of this object bear
 * @param leftover what becomes of a job whose target is not wanted
 */
public record WantedReplication(
    Targets targets,
    String schedule,
    OptionalInt rateMBps,
    boolean suspended,
    Optional<Duration> rpo,
    boolean recreate,
    Set<String> repairs,
    JobMark mark,
    Leftover leftover) {

  public WantedReplication {
    repairs = Set.copyOf(repairs);
  }

  /** What becomes of a job whose target is not wanted; its owner says so by the deletion policy. */
  public enum Leftover {
    /** It stays with its replica, and is reported. */
    RETAIN,
    /** It goes, its replica stays. */
    KEEP_REPLICA,
    /** It goes with its replica. */
    REMOVE
  }

  /**
   * Where replicas go, seen from where the guest is; exactly one way is given.
   *
   * @param allOthers every other member
   * @param nodes these; the guest's own node takes no part
   * @param count so many others, those with a replica first
   */
  public record Targets(boolean allOthers, List<NodeName> nodes, OptionalInt count) {

    public Targets {
      nodes = List.copyOf(nodes);
    }
  }
}
