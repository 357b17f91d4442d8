package io.pveha.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ConditionStatus;
import io.pveha.api.v1alpha1.ConditionType;
import io.pveha.api.v1alpha1.PlainText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How an object that is being deleted goes although its deletion policy can't be carried out. */
public final class WayOut {

  /**
   * A deletion that goes well is over by then, also one of replication jobs, which Proxmox removes
   * once a minute. Before, the command would only tempt people to leave things behind.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Set<String> VERDICT =
      Set.of(
          ConditionType.READY.text(),
          ConditionType.RECONCILING.text(),
          ConditionType.STALLED.text());

  private WayOut() {}

  /** The command that gives an object up. */
  public static String command(HasMetadata object) {
    return "kubectl annotate %s %s -n %s %s=%s"
        .formatted(
            object.getKind().toLowerCase(Locale.ROOT),
            object.getMetadata().getName(),
            object.getMetadata().getNamespace(),
            ApiNames.ABANDON,
            object.getMetadata().getUid());
  }

  /**
   * The conditions of an object, whose verdict has the command once its deletion waits for a
   * person, or for longer than one that goes well takes.
   */
  static List<Condition> in(List<Condition> conditions, HasMetadata object, Instant now) {
    if (!object.isMarkedForDeletion()
        || conditions.stream().noneMatch(condition -> isDue(condition, now))) {
      return conditions;
    }
    String command = command(object);
    return conditions.stream()
        .map(
            condition ->
                VERDICT.contains(condition.getType()) && !condition.getMessage().contains(command)
                    ? with(condition, command)
                    : condition)
        .toList();
  }

  private static boolean isDue(Condition condition, Instant now) {
    boolean holds = condition.getStatus().equals(ConditionStatus.TRUE.text());
    if (condition.getType().equals(ConditionType.STALLED.text())) {
      return holds;
    }
    return condition.getType().equals(ConditionType.READY.text())
        && !holds
        && !Conditions.since(condition, now).plus(PATIENCE).isAfter(now);
  }

  private static Condition with(Condition condition, String command) {
    String wayOut =
        " To delete it without carrying out its deletion policy, leaving Proxmox as it is: "
            + command;
    return new ConditionBuilder(condition)
        .withMessage(
            PlainText.of(condition.getMessage(), PlainText.LONGEST_MESSAGE - wayOut.length())
                + wayOut)
        .build();
  }
}
