package io.pveha.operator.polling;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a member is asked about the whole cluster, each by itself: one that is refused or fails
 * makes what rests on it old, and nothing else.
 */
public enum SlowQuestion {
  /** Votes, addresses and certificates of members. */
  MEMBERS("GET /cluster/config/join"),
  /** The external tie-breaker. */
  DEVICE("GET /cluster/config/qdevice"),
  /** HA rules or groups. */
  PLACEMENT("GET /cluster/ha/rules"),
  RESOURCES("GET /cluster/ha/resources"),
  HA_STATUS("GET /cluster/ha/status/current"),
  JOBS("GET /cluster/replication"),
  STORAGES("GET /storage"),
  /** Of the datacenter. */
  OPTIONS("GET /cluster/options"),
  /** What the token may do; asked last, since what is not held shortens the lists before. */
  PRIVILEGES("GET /access/permissions");

  /** What a pool rests on, beside what nodes say of themselves. */
  public static final Set<SlowQuestion> POOL = of(STORAGES, PRIVILEGES);

  /** What replication rests on. */
  public static final Set<SlowQuestion> REPLICATION = of(JOBS, STORAGES, RESOURCES, PRIVILEGES);

  /** What a guest under HA, and its moves, rest on. */
  public static final Set<SlowQuestion> RESOURCE =
      of(PLACEMENT, RESOURCES, JOBS, STORAGES, PRIVILEGES);

  /** What the prediction of failovers rests on. */
  public static final Set<SlowQuestion> READINESS =
      of(PLACEMENT, RESOURCES, HA_STATUS, JOBS, STORAGES, OPTIONS);

  /** What the judgement on votes rests on. */
  public static final Set<SlowQuestion> VOTES = of(MEMBERS, DEVICE);

  private final String call;

  SlowQuestion(String call) {
    this.call = call;
  }

  private static Set<SlowQuestion> of(SlowQuestion first, SlowQuestion... others) {
    return Collections.unmodifiableSet(EnumSet.of(first, others));
  }

  /** The call, for a person. */
  public String call() {
    return call;
  }

  /** Whether its answer is a list of which two members may each have a part. */
  boolean isList() {
    return this == PLACEMENT || this == RESOURCES || this == JOBS || this == STORAGES;
  }
}
