package io.pveha.core.ha;

import io.pveha.core.placement.SchedulerMode;

/**
 * What {@code /etc/pve/datacenter.cfg} says about HA.
 *
 * @param shutdownPolicy as written; a word that is no policy counts as conditional
 */
public record DatacenterOptions(String shutdownPolicy, Crs crs) {

  public static final DatacenterOptions DEFAULT = new DatacenterOptions("conditional", Crs.DEFAULT);

  /**
   * The {@code crs} option.
   *
   * @param threshold imbalance above which balancing is considered
   * @param holdRounds rounds the imbalance must last
   * @param margin least relative improvement of a balancing move
   */
  public record Crs(
      SchedulerMode mode,
      boolean rebalanceOnStart,
      boolean autoRebalance,
      Method method,
      double threshold,
      int holdRounds,
      double margin) {

    public static final Crs DEFAULT =
        new Crs(SchedulerMode.BASIC, false, false, Method.BRUTEFORCE, 0.3, 3, 0.1);
  }

  /** How the move of automatic balancing is chosen. */
  public enum Method {
    /** The one that leaves the least imbalance. */
    BRUTEFORCE,
    /** The one nearest to the ideal in average and peak load of CPU and memory. */
    TOPSIS
  }
}
