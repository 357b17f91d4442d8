/** Proxmox's API over HTTPS: certificates, logins, endpoints, and telling failures apart. */
package io.pveha.proxmox.rest;
