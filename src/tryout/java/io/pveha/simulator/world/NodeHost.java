package io.pveha.simulator.world;

import io.pveha.simulator.access.AccessControl;
import io.pveha.simulator.guests.GuestBackups;
import io.pveha.simulator.guests.GuestHa;
import io.pveha.simulator.guests.GuestReplicas;
import io.pveha.simulator.guests.GuestRunner;
import io.pveha.simulator.guests.LocalResources;
import io.pveha.simulator.guests.Mappings;
import io.pveha.simulator.guests.NodeGuests;
import io.pveha.simulator.guests.ResourcePools;
import io.pveha.simulator.ha.NodeHa;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.WorldSpec.NodeSpec;
import io.pveha.simulator.membership.ClusterMember;
import io.pveha.simulator.replication.NodeReplication;
import io.pveha.simulator.storage.BackupFiles;
import io.pveha.simulator.storage.LocalFiles;
import io.pveha.simulator.storage.NodeDisks;
import io.pveha.simulator.storage.NodeStorage;
import io.pveha.simulator.storage.SharedVolumes;
import io.pveha.simulator.storage.VolumeUser;
import java.util.List;

/** A node with all its parts. */
public final class NodeHost extends Machine {

  private final World world;
  private final AccessControl access = new AccessControl(this);
  private final NodeOverview overview = new NodeOverview(this);

  NodeHost(World world, NodeSpec spec, SharedVolumes shared) {
    super(world, spec);
    this.world = world;
    install(new ClusterMember(this), List.of(ClusterMember.class));
    install(new NodeDisks(this), List.of(NodeDisks.class));
    install(new NodeStorage(this, shared), List.of(NodeStorage.class));
    install(new Mappings(this), List.of(Mappings.class));
    install(new LocalResources(this), List.of(LocalResources.class, LocalFiles.class));
    install(new GuestBackups(this), List.of(GuestBackups.class, BackupFiles.class));
    install(new NodeGuests(this), List.of(NodeGuests.class));
    // The HA daemons go down before the guests do.
    install(new NodeHa(this), List.of(NodeHa.class, GuestHa.class));
    install(new GuestRunner(this), List.of(GuestRunner.class, VolumeUser.class));
    install(new NodeReplication(this), List.of(NodeReplication.class, GuestReplicas.class));
  }

  @Override
  public World world() {
    return world;
  }

  /** Cluster create, join and status. */
  public ClusterMember cluster() {
    return part(ClusterMember.class);
  }

  /** Users, tokens, roles, permissions. */
  public AccessControl access() {
    return access;
  }

  /** Resource pools. */
  public ResourcePools pools() {
    return new ResourcePools(this);
  }

  /** Disks and ZFS pools. */
  public NodeDisks disks() {
    return part(NodeDisks.class);
  }

  /** Storage entries and volumes. */
  public NodeStorage storage() {
    return part(NodeStorage.class);
  }

  /** Names that the cluster gives to devices. */
  public Mappings mappings() {
    return part(Mappings.class);
  }

  /** Containers and VMs whose configuration lies at this node. */
  public NodeGuests guests() {
    return part(NodeGuests.class);
  }

  /** Backups that were made here. */
  public GuestBackups backups() {
    return part(GuestBackups.class);
  }

  /** Replication jobs and their state at this node. */
  public NodeReplication replication() {
    return part(NodeReplication.class);
  }

  /** HA resources, groups or rules, and status. */
  public NodeHa ha() {
    return part(NodeHa.class);
  }

  /** Figures, cluster-wide resources and log as this node sees them. */
  public NodeOverview overview() {
    return overview;
  }

  GuestRunner runner() {
    return part(GuestRunner.class);
  }
}
