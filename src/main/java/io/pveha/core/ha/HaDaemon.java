package io.pveha.core.ha;

import java.util.Locale;

/** The two HA daemons of a node. */
public enum HaDaemon {
  /** Cluster resource manager; one in the cluster is master. */
  CRM,
  /** Local resource manager; works on the services of its node. */
  LRM;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
