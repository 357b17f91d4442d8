package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Instant;

/**
 * Something that was asked of Proxmox and isn't known to be done. Saved before it is asked (then
 * without UPID) and again when Proxmox named the task, so that an operator that dies in between
 * looks for the outcome and does not ask twice.
 *
 * @param action name of the step, as in {@link PlannedChange}
 * @param node node that was asked, which is also where the task runs
 * @param subject what it is about: a node, pool, guest or job id
 * @param upid Proxmox's task id; null until known, and for steps that have none
 * @param startedAt when it was asked
 * @param deadline when waiting ends and the outcome is looked up instead
 * @param attempt 1 for the first
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PendingTask(
    @JsonPropertyDescription("Name of the step.") String action,
    @JsonPropertyDescription("Node that was asked.") String node,
    @JsonPropertyDescription("What it is about: a node, pool, guest or job.") String subject,
    @JsonPropertyDescription("Task id of Proxmox, once known.") String upid,
    @JsonPropertyDescription("When it was asked.") Instant startedAt,
    @JsonPropertyDescription("When waiting ends.") Instant deadline,
    @JsonPropertyDescription("1 for the first attempt.") Integer attempt) {

  public PendingTask {
    node = Copies.text(node);
    upid = Copies.text(upid);
    attempt = Math.max(1, Copies.orElse(attempt, 1));
  }

  /** Whether it says enough to be followed. */
  boolean isWhole() {
    return Copies.areTold(action, subject, startedAt, deadline);
  }

  /** The same, now that Proxmox named the task. */
  public PendingTask withUpid(String known) {
    return new PendingTask(action, node, subject, known, startedAt, deadline, attempt);
  }
}
