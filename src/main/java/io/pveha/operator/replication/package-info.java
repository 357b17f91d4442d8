/** ReplicationJob: jobs of Proxmox from wherever a guest is to wherever replicas are wanted. */
package io.pveha.operator.replication;
