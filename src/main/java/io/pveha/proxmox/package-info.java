/** How Proxmox is asked: one seam for requests, typed calls on top of it, and what can go wrong. */
package io.pveha.proxmox;
