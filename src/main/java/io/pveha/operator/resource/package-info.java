/** HaResource: a guest that exists, under Proxmox HA, where it may run. */
package io.pveha.operator.resource;
