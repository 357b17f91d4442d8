package io.pveha.api.v1alpha1;

/** What the spec of all four kinds has in common. */
public interface ManagedSpec {

  /** Never null; {@link ManagementPolicy#ENFORCE} unless said otherwise. */
  ManagementPolicy managementPolicy();
}
