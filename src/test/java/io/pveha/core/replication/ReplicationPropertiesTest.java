package io.pveha.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.cluster.NodeName;
import io.pveha.core.plan.Plan;
import io.pveha.core.replication.ReplicationFacts.Job;
import io.pveha.core.replication.ReplicationStep.CreateJob;
import io.pveha.core.replication.ReplicationStep.RecreateJob;
import io.pveha.core.replication.ReplicationStep.RemoveJob;
import io.pveha.core.replication.ReplicationStep.SyncJob;
import io.pveha.core.replication.ReplicationStep.UpdateJob;
import io.pveha.core.replication.WantedReplication.Targets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * From any jobs to any targets: the steps, carried out as Proxmox does, reach what is wanted, touch
 * no job that is right, and copy nothing twice.
 */
class ReplicationPropertiesTest {

  private static final int SEEDS = 400;

  static LongStream seeds() {
    return LongStream.range(0, SEEDS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void reachesWhatIsWantedByTheDifferenceOnly(long seed) {
    Random random = new Random(seed);
    Proxmox proxmox = new Proxmox(random);
    Targets targets = proxmox.randomTargets();
    for (int wish = 0; wish < 4; wish++) {
      Set<NodeName> before = proxmox.replicas();
      proxmox.copies = 0;
      proxmox.settle(targets);
      Set<NodeName> wanted = proxmox.expected(targets, before);
      assertThat(proxmox.replicas())
          .as("seed %d wish %d %s", seed, wish, targets)
          .isEqualTo(wanted);
      assertThat(proxmox.copies)
          .as("seed %d wish %d: full copies", seed, wish)
          .isEqualTo((int) wanted.stream().filter(node -> !before.contains(node)).count());
      if (random.nextBoolean()) {
        proxmox.moveToAReplica();
      } else {
        targets = proxmox.randomTargets();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aMoveToATargetCausesNoStep(long seed) {
    Proxmox proxmox = new Proxmox(new Random(seed));
    Targets targets = proxmox.randomTargets();
    proxmox.settle(targets);
    for (int move = 0; move < 5; move++) {
      proxmox.moveToAReplica();
      assertThat(proxmox.facts.plan(targets).plan().now()).as("seed %d, moved", seed).isEmpty();
      proxmox.turn();
      assertThat(proxmox.facts.plan(targets).plan().isDone()).as("seed %d, turned", seed).isTrue();
    }
  }

  /** One guest of Proxmox: turns, removes and syncs as it does. */
  private static final class Proxmox {

    private final Random random;
    private final List<NodeName> nodes;
    private final Jobs facts;
    private int copies;

    Proxmox(Random random) {
      this.random = random;
      this.nodes =
          IntStream.rangeClosed(1, 2 + random.nextInt(4))
              .mapToObj(number -> new NodeName("node" + number))
              .toList();
      this.facts = new Jobs(nodes.toArray(NodeName[]::new));
      this.facts.home = any(nodes);
      for (NodeName node : nodes) {
        if (!node.equals(facts.home) && random.nextBoolean()) {
          facts.jobs.add(Jobs.job("100-" + facts.jobs.size(), facts.home, node));
        }
      }
    }

    private <T> T any(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    Targets randomTargets() {
      return switch (random.nextInt(3)) {
        case 0 -> Jobs.ALL;
        case 1 -> Jobs.count(1 + random.nextInt(nodes.size() - 1));
        default -> {
          List<NodeName> others =
              new ArrayList<>(nodes.stream().filter(node -> !node.equals(facts.home)).toList());
          java.util.Collections.shuffle(others, random);
          yield new Targets(
              false, others.subList(0, 1 + random.nextInt(others.size())), OptionalInt.empty());
        }
      };
    }

    Set<NodeName> replicas() {
      return facts.jobs.stream()
          .flatMap(job -> job.leadsTo(facts.facts().guests().get(0)).stream())
          .collect(Collectors.toCollection(TreeSet::new));
    }

    Set<NodeName> expected(Targets targets, Set<NodeName> before) {
      Set<NodeName> others = new TreeSet<>(nodes);
      others.remove(facts.home);
      if (targets.allOthers()) {
        return others;
      }
      if (targets.count().isPresent()) {
        int count = Math.min(targets.count().getAsInt(), others.size());
        assertThat(replicas()).hasSize(count);
        // Those that were there stay, as far as the count goes.
        assertThat(replicas().stream().filter(before::contains).count())
            .isEqualTo(Math.min(count, before.size()));
        return replicas();
      }
      Set<NodeName> listed = new TreeSet<>(targets.nodes());
      if (listed.remove(facts.home)) {
        before.stream()
            .filter(node -> !listed.contains(node))
            .filter(replicas()::contains)
            .findFirst()
            .ifPresent(listed::add);
      }
      return listed;
    }

    void moveToAReplica() {
      if (!facts.jobs.isEmpty()) {
        facts.home = any(facts.jobs).target();
      }
    }

    /** Proxmox's scheduler at the guest's node: all jobs start from there, one leads back. */
    void turn() {
      facts.jobs.replaceAll(
          job -> {
            NodeName source = job.source().orElseThrow();
            boolean back = job.target().equals(facts.home);
            return source.equals(facts.home)
                ? job
                : Jobs.job(job.id(), facts.home, back ? source : job.target());
          });
    }

    void settle(Targets targets) {
      for (int round = 0; round < 12; round++) {
        Plan<ReplicationStep> plan = facts.plan(targets).plan();
        if (plan.isDone()) {
          return;
        }
        Set<NodeName> right = replicas();
        plan.now().forEach(step -> step.accept(new Doing()));
        boolean removed = replicas().size() < right.size();
        assertThat(removed && plan.now().stream().anyMatch(CreateJob.class::isInstance))
            .as("nothing goes while something is to come")
            .isFalse();
        turn();
        facts.jobs.removeIf(Job::removing);
        // The first run of each.
        facts.jobs.replaceAll(
            job ->
                job.recoveryPoint().isPresent()
                    ? job
                    : Jobs.job(job.id(), facts.home, job.target()));
      }
    }

    /** What Proxmox does at once. */
    private final class Doing implements ReplicationStep.Visitor<Void> {

      @Override
      public Void create(CreateJob step) {
        assertThat(facts.jobs).extracting(Job::id).doesNotContain(step.id());
        assertThat(step.target()).isNotEqualTo(facts.home);
        assertThat(replicas()).doesNotContain(step.target());
        copies++;
        facts.jobs.add(
            new Job(
                step.id(),
                step.vmid(),
                Optional.of(facts.home),
                step.target(),
                step.schedule(),
                step.rateMBps(),
                step.disabled(),
                false,
                Optional.of(
                    Jobs.runs(Optional.empty(), Optional.empty(), 0, Optional.empty(), false)),
                Optional.<Instant>empty(),
                io.pveha.core.safety.JobOwner.OURS,
                Optional.of(step.mark().comment())));
        return null;
      }

      @Override
      public Void update(UpdateJob step) {
        throw new AssertionError("all settings are right: " + step);
      }

      @Override
      public Void remove(RemoveJob step) {
        facts.jobs.replaceAll(job -> job.id().equals(step.id()) ? Jobs.removing(job) : job);
        return null;
      }

      @Override
      public Void recreate(RecreateJob step) {
        throw new AssertionError("no chain is broken: " + step);
      }

      @Override
      public Void sync(SyncJob step) {
        throw new AssertionError("nobody asked: " + step);
      }
    }
  }
}
