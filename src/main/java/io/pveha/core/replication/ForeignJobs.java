package io.pveha.core.replication;

import io.pveha.api.v1alpha1.ConditionReason;
import io.pveha.core.plan.Finding;
import io.pveha.core.replication.ReplicationFacts.Job;
import io.pveha.core.safety.JobMark;
import java.util.ArrayList;
import java.util.List;

/** What is said of jobs that do not have the mark of the ReplicationJob. */
final class ForeignJobs {

  /** A comment may have 4096 characters. */
  private static final int LONGEST_COMMENT = 80;

  private ForeignJobs() {}

  /** One that serves a wanted target as it should, or whose target is not wanted. */
  static Finding left(Job job, JobMark mark) {
    return Finding.informs(
        ConditionReason.FOREIGN_JOB,
        "Job %s to %s %s: it stays as it is, and so does its replica. %s"
            .formatted(job.id(), job.target(), whose(job), handOver(job, mark)));
  }

  /** One of a guest whose ReplicationJob is deleted. */
  static Finding stays(Job job, ReplicationFacts facts) {
    return Finding.informs(
        ConditionReason.FOREIGN_JOB,
        "Job %s to %s %s and stays with its replica. To remove both: `pvesr delete %s%s`%s."
            .formatted(
                job.id(),
                job.target(),
                whose(job),
                job.id(),
                facts.isMember(job.target()) ? "" : " --force",
                facts.guest(job.vmid()).map(guest -> " on " + guest.home()).orElse("")));
  }

  /** One that serves a wanted target otherwise than wanted. */
  static Finding differs(Job job, WantedReplication wanted) {
    List<String> differences = new ArrayList<>();
    if (!job.schedule().equals(wanted.schedule())) {
      differences.add("schedule %s, not %s".formatted(job.schedule(), wanted.schedule()));
    }
    if (!job.rateMBps().equals(wanted.rateMBps())) {
      differences.add("rate %s, not %s".formatted(limit(job.rateMBps()), limit(wanted.rateMBps())));
    }
    if (job.disabled() != wanted.suspended()) {
      differences.add(job.disabled() ? "disabled" : "enabled");
    }
    return Finding.blocks(
        ConditionReason.FOREIGN_JOB,
        "Job %s to %s differs from the spec (%s) and %s, so it is not changed. %s"
            .formatted(
                job.id(),
                job.target(),
                String.join(", ", differences),
                whose(job),
                handOver(job, wanted.mark())));
  }

  private static String limit(java.util.OptionalInt rate) {
    return rate.isPresent() ? rate.getAsInt() + " MB/s" : "unlimited";
  }

  /** As in {@code has no mark of this ReplicationJob (its comment: "keep")}. */
  static String whose(Job job) {
    return JobMark.in(job.comment().orElse(null))
        .map(mark -> "has the mark of ReplicationJob " + mark.id())
        .orElseGet(
            () ->
                "has no mark of this ReplicationJob"
                    + job.comment()
                        .filter(words -> !words.isBlank())
                        .map(words -> " (its comment: \"%s\")".formatted(cut(words)))
                        .orElse(""));
  }

  private static String handOver(Job job, JobMark mark) {
    return "To hand it over: `pvesr update %s --comment '%s'`.".formatted(job.id(), mark.comment());
  }

  private static String cut(String words) {
    String line = words.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
    return line.length() > LONGEST_COMMENT ? line.substring(0, LONGEST_COMMENT) + " ..." : line;
  }
}
