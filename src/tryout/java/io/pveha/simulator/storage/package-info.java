/** Disks, ZFS pools, storages and volumes of a node. */
package io.pveha.simulator.storage;
