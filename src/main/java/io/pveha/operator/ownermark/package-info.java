/** Finds the owner of a Proxmox cluster, and keeps its mark in the datacenter notes. */
package io.pveha.operator.ownermark;
