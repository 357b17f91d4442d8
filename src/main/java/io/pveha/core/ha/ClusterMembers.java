package io.pveha.core.ha;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The cluster as one node sees it.
 *
 * @param known all members, whether up or not
 * @param online members in the quorate partition of the asking node; empty without quorum
 */
public record ClusterMembers(SortedSet<String> known, SortedSet<String> online) {

  public ClusterMembers {
    known = Collections.unmodifiableSortedSet(new TreeSet<>(known));
    online = Collections.unmodifiableSortedSet(new TreeSet<>(online));
  }

  public static ClusterMembers of(Collection<String> known, Collection<String> online) {
    return new ClusterMembers(new TreeSet<>(known), new TreeSet<>(online));
  }
}
