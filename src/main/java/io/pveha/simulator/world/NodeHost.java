package io.pveha.simulator.world;

import java.time.Instant;
import java.util.Optional;

/**
 * One node. Reads answer from the node's own view; writes go through its cluster file system. All
 * calls hold the world's lock: see {@link World#request}.
 */
public final class NodeHost {

  /** What a client finds when it opens a connection to the node's API. */
  public enum FrontDoor {
    /** The API answers. */
    OPEN,
    /** Packets get lost: powered off, booting, or the network is cut. */
    SILENT,
    /** The host is up and nothing listens: the web service restarts or was stopped. */
    REFUSED
  }

  public String name() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The address of the first link. */
  public String ip() {
    throw new UnsupportedOperationException("not there yet");
  }

  public PveVersion version() {
    throw new UnsupportedOperationException("not there yet");
  }

  public FrontDoor frontDoor() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Grows each time all open connections to the API break; the HTTP layer closes older ones. */
  public int apiGeneration() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Slowness and failures that the HTTP layer has to act out. */
  public ApiFault apiFault() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The certificate that the API serves now. */
  public Certificates.Certificate certificate() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Its fingerprint. */
  public String fingerprint() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The password of this node's {@code root@pam}. */
  public String rootPassword() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** When the running system was booted; empty while it is off or booting. */
  public Optional<Instant> bootedAt() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The node's clock, which a fault may have shifted. */
  public Instant clockNow() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** The configuration as this node sees it; possibly an old one. */
  public ClusterConfig config() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Membership and quorum as this node sees them. */
  public Membership membership() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Cluster create, join and status. */
  public ClusterMember cluster() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Users, tokens, roles, permissions. */
  public AccessControl access() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Disks and ZFS pools. */
  public NodeDisks disks() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Storage entries and volumes. */
  public NodeStorage storage() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Containers and VMs whose configuration lies at this node. */
  public NodeGuests guests() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Replication jobs and their state at this node. */
  public NodeReplication replication() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** HA resources, groups or rules, and status. */
  public NodeHa ha() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Tasks that ran here. */
  public NodeTasks tasks() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Systemd services and power. */
  public NodeServices services() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Figures, cluster-wide resources and log as this node sees them. */
  public NodeOverview overview() {
    throw new UnsupportedOperationException("not there yet");
  }
}
