/** Users, tokens, roles and permissions of Proxmox VE. */
package io.pveha.simulator.access;
