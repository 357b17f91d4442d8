/**
 * A guest under Proxmox's HA stack: its resource, and the rule or group that says where it runs.
 */
package io.pveha.core.resource;
