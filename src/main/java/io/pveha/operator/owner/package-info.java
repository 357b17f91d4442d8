/** Which ProxmoxCluster owns the Proxmox cluster that it speaks of. */
package io.pveha.operator.owner;
