package io.pveha.simulator.guests;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What guests ask of HA. */
public interface GuestHa {

  /** {@code POST /cluster/ha/resources}. */
  void createResource(String sid, Map<String, String> properties);

  /** {@code PUT /cluster/ha/resources/SID}. */
  void updateResource(
      String sid, Map<String, String> set, Set<String> delete, Optional<String> digest);

  /** Queues {@code verb} (migrate or relocate) for the manager's next round. */
  void queueMove(String verb, String sid, String target);

  /** Stops the guest through the manager, which keeps it stopped. */
  void queueStop(String sid, int graceSeconds);

  /** The state that status rows show for a service. */
  String shownState(String sid);
}
