/** Names of Proxmox things, shared by all who decide about them and all who ask for them. */
package io.pveha.core.cluster;
