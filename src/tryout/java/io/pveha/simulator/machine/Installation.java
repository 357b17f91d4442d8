package io.pveha.simulator.machine;

import io.pveha.simulator.time.SimClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Nodes, the network between them, and all that happens there. */
public class Installation {

  private record Waiter(Machine node, Runnable again, Consumer<WorldFailure> giveUp) {}

  private final WorldSpec spec;
  private final SimClock clock;
  private final Certificates certificates;
  private final Random random;
  private final Map<String, Machine> nodes = new LinkedHashMap<>();
  private final Ledger ledger;
  private final Network network;
  private final Corosync corosync;
  private final List<Waiter> waiters = new ArrayList<>();
  private Map<String, String> quorumDevice = Map.of();
  private String asking = "root@pam";

  protected Installation(WorldSpec spec, SimClock clock, Certificates certificates) {
    this.spec = spec;
    this.clock = clock;
    this.certificates = certificates;
    this.random = new Random(spec.seed());
    this.ledger = new Ledger(clock);
    this.network = new Network(this);
    this.corosync = new Corosync(this);
  }

  /** Puts up a node. */
  protected void add(Machine node) {
    nodes.put(node.name(), node);
  }

  /** All nodes begin as machines that have been running for a while. */
  protected void start() {
    nodes().forEach(Machine::startInstalled);
    corosync.settleAtOnce();
  }

  public WorldSpec spec() {
    return spec;
  }

  public SimClock clock() {
    return clock;
  }

  public Instant now() {
    return clock.now();
  }

  /** All nodes, in the order of the spec, whatever their state. */
  public List<? extends Machine> nodes() {
    return List.copyOf(nodes.values());
  }

  /** The node of that name; refused with the real text when there is none. */
  public Machine node(String name) {
    Machine node = nodes.get(name);
    if (node == null) {
      throw new WorldFailure.Refused(
          "hostname lookup '"
              + name
              + "' failed - failed to get address info for: "
              + name
              + ": Name or service not known");
    }
    return node;
  }

  /** Whether there is such a node. */
  public boolean hasNode(String name) {
    return nodes.containsKey(name);
  }

  /** Whether the node at {@code from} gets an answer from the node at {@code to} now. */
  public boolean canTalk(String from, String to) {
    if (from.equals(to)) {
      return true;
    }
    return hasNode(to) && network.canTalk(node(from), node(to)) && node(to).isServing();
  }

  /** Runs {@code call} holding the world's lock; to be used for reads. */
  public <T> T read(Supplier<T> call) {
    clock.lock().lock();
    try {
      return call.get();
    } finally {
      clock.lock().unlock();
    }
  }

  /**
   * Runs {@code call} holding the world's lock. While the node's cluster file system waits for a
   * membership change, the caller waits with it, and the call is tried again afterwards. The caller
   * must not hold the lock.
   */
  public <T> T request(Supplier<T> call) {
    CompletableFuture<T> answer = submit(call);
    if (!answer.isDone() && clock.lock().isHeldByCurrentThread()) {
      throw new IllegalStateException("waiting with the world's lock held");
    }
    return clock.await(answer);
  }

  /** The call, with the ledger told who asks for what it takes away. */
  public <T> Supplier<T> inTheNameOf(String who, Supplier<T> call) {
    return () -> {
      String before = asking;
      asking = who;
      try {
        return call.get();
      } finally {
        asking = before;
      }
    };
  }

  /** Who asks for what happens now; {@code root@pam} where nobody came by the API. */
  public String asking() {
    return asking;
  }

  /** As {@link #request}, without waiting. */
  public <T> CompletableFuture<T> submit(Supplier<T> call) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    clock.lock().lock();
    try {
      attempt(call, answer);
    } finally {
      clock.lock().unlock();
    }
    return answer;
  }

  /** Lets the calling thread wait for simulated time. The caller must not hold the lock. */
  public void sleep(Duration time) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    clock.schedule(time, () -> over.complete(null));
    clock.await(over);
  }

  /** What the HA daemons of all nodes did, oldest first; the last few thousand. */
  public List<HaRecord> haEvents() {
    return read(ledger::haEvents);
  }

  private <T> void attempt(Supplier<T> call, CompletableFuture<T> answer) {
    try {
      answer.complete(call.get());
    } catch (WorldFailure.Waiting waiting) {
      waitForMembership(waiting.node(), () -> attempt(call, answer), answer::completeExceptionally);
    } catch (RuntimeException failed) {
      answer.completeExceptionally(failed);
    }
  }

  /** Runs one of the two when the node's membership has settled, or the node has gone. */
  public void waitForMembership(Machine node, Runnable again, Consumer<WorldFailure> giveUp) {
    waiters.add(new Waiter(node, again, giveUp));
  }

  /** The node's membership settled: those who wrote meanwhile go on, or fail without quorum. */
  void membershipSettled(Machine node) {
    for (Waiter waiter : takeWaiters(each -> each.node == node)) {
      if (node.membership().quorate()) {
        waiter.again.run();
      } else {
        waiter.giveUp.accept(new WorldFailure.Busy("Device or resource busy"));
      }
    }
  }

  /** The node died under those who waited. */
  void nodeLost(Machine node) {
    takeWaiters(each -> each.node == node)
        .forEach(waiter -> waiter.giveUp.accept(new WorldFailure.Dropped()));
  }

  private List<Waiter> takeWaiters(Predicate<Waiter> which) {
    List<Waiter> taken = waiters.stream().filter(which).toList();
    waiters.removeAll(taken);
    return taken;
  }

  /** Who makes the certificates. */
  public Certificates certificates() {
    return certificates;
  }

  public Ledger ledger() {
    return ledger;
  }

  /** Cables and switches; for fault injection. */
  public Network network() {
    return network;
  }

  public Corosync corosync() {
    return corosync;
  }

  /** Facts of the external quorum device as its status shows them; empty when there is none. */
  public Map<String, String> quorumDevice() {
    return quorumDevice;
  }

  /** Puts up or removes the external quorum device; it has one vote, or {@code votes} of them. */
  public void setQuorumDevice(Map<String, String> facts) {
    quorumDevice = new TreeMap<>(facts);
  }

  /** The node whose name or address this is; null when there is none. */
  public Machine nodeAt(String hostOrAddress) {
    return nodes().stream()
        .filter(
            node ->
                node.name().equals(hostOrAddress)
                    || node.spec().addresses().contains(hostOrAddress))
        .findFirst()
        .orElse(null);
  }

  /** A random span of time. */
  public Duration between(double seconds, double moreSeconds) {
    return Duration.ofNanos(
        (long) (1e9 * (seconds + random.nextDouble() * (moreSeconds - seconds))));
  }

  /** A random identifier in the form of a UUID. */
  public String anyUuid() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  /** A random number below {@code bound}. */
  int anyBelow(int bound) {
    return random.nextInt(bound);
  }
}
