package io.pveha.core.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.safety.ClusterHold.Claim;
import io.pveha.core.safety.ClusterHold.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClusterHoldTest {

  private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
  private static final OwnerMark OURS = mark("ours", NOON);

  @Test
  void writesItsMarkWhereNoneIs() {
    ClusterHold hold = judge(NOON, Optional.empty(), "notes\n", "notes\n");
    assertThat(hold.state()).isEqualTo(State.CLAIMING);
    assertThat(hold.write()).isTrue();
  }

  @Test
  void doesNotWriteAgainOnNotesOfBefore() {
    for (Optional<Claim> claim : claims(NOON)) {
      ClusterHold hold = judge(NOON, claim, "notes\n", mark("other", NOON).line());
      assertThat(hold.write()).isFalse();
      assertThat(hold.state())
          .isEqualTo(
              claim.isEmpty() ? State.TAKEN : claim.get().held() ? State.OURS : State.CLAIMING);
    }
  }

  @Test
  void waitsUntilTheMarkHasStayed() {
    Optional<Claim> claim = Optional.of(Claim.found(OURS));
    for (int second = 0; second < ClusterHold.SETTLING.toSeconds(); second++) {
      ClusterHold hold = judge(NOON.plusSeconds(second), claim, OURS.line(), OURS.line());
      assertThat(hold.state()).isEqualTo(State.CLAIMING);
      assertThat(hold.write()).isFalse();
      assertThat(hold.until()).hasValueSatisfying(at -> assertThat(at).isAfter(NOON));
    }
    ClusterHold hold = judge(NOON.plus(ClusterHold.SETTLING), claim, OURS.line(), OURS.line());
    assertThat(hold.state()).isEqualTo(State.OURS);
  }

  @Test
  void isNotSureWhileMembersDiffer() {
    Instant later = NOON.plusSeconds(100);
    assertThat(judge(later, Optional.empty(), OURS.line(), "").state()).isEqualTo(State.UNSEEN);
    assertThat(judge(later, Optional.empty()).state()).isEqualTo(State.UNSEEN);
  }

  @Test
  void whatAProcessBeforeWroteIsOursAtOnce() {
    Instant later = NOON.plusSeconds(100);
    assertThat(judge(later, Optional.empty(), OURS.line()).state()).isEqualTo(State.OURS);
  }

  @Test
  void anothersMarkKeepsItOffAlsoBesideItsOwn() {
    OwnerMark other = mark("other", NOON.plusSeconds(50));
    for (Optional<Claim> claim : claims(NOON)) {
      ClusterHold hold =
          judge(NOON.plusSeconds(100), claim, OURS.line() + "\n" + other.line(), OURS.line());
      assertThat(hold.state()).isEqualTo(State.TAKEN);
      assertThat(hold.other()).contains(other);
      assertThat(hold.write()).isFalse();
    }
  }

  @Test
  void takesOverFromTheClaimThatIsNamedAndFromNoLaterOne() {
    OwnerMark other = mark("other", NOON);
    OwnerMark later = mark("other", NOON.plusSeconds(1));
    assertThat(takeOver(other.id(), other)).isEqualTo(State.CLAIMING);
    assertThat(takeOver(other.id(), later)).isEqualTo(State.TAKEN);
    assertThat(takeOver("other", other)).isEqualTo(State.TAKEN);
    assertThat(takeOver("", other)).isEqualTo(State.TAKEN);
  }

  @Test
  void whoTookOverWaitsUntilTheFormerOwnerMustHaveSeenIt() {
    OwnerMark taken = new OwnerMark("ns/ours", "ours", NOON, true);
    Instant almost = NOON.plus(ClusterHold.LONG_SETTLING).minusSeconds(1);
    assertThat(judge(almost, Optional.empty(), taken.line()).state()).isEqualTo(State.CLAIMING);
    assertThat(judge(almost.plusSeconds(1), Optional.empty(), taken.line()).state())
        .isEqualTo(State.OURS);
  }

  @Test
  void aMarkThatCannotBeReadIsOneForAPersonToLookAt() {
    ClusterHold hold = judge(NOON, Optional.empty(), OwnerMark.BEGINNING + ": -->\n");
    assertThat(hold.state()).isEqualTo(State.DAMAGED);
    assertThat(hold.write()).isFalse();
  }

  @Test
  void whoHoldsItGoesOnWhileTheNotesCannotBeReadAndPutsBackALineThatIsGone() {
    Optional<Claim> held = Optional.of(Claim.found(OURS).asHeld());
    assertThat(judge(NOON.plusSeconds(100), held).state()).isEqualTo(State.OURS);
    ClusterHold gone = judge(NOON.plusSeconds(100), held, "", "");
    assertThat(gone.state()).isEqualTo(State.OURS);
    assertThat(gone.write()).isTrue();
  }

  @Test
  void theMarkOfAnObjectThatGivesWayIsReplaced() {
    OwnerMark other = mark("other", NOON);
    ClusterHold hold =
        ClusterHold.judge(
            "ours",
            List.of(new ClusterNotes(other.line())),
            NOON,
            Set.of("other"),
            Optional.empty(),
            Optional.empty());
    assertThat(hold.state()).isEqualTo(State.CLAIMING);
    assertThat(hold.write()).isTrue();
  }

  /**
   * Up to four claim within two seconds, each writing over what it had not seen. Nobody ever holds
   * the cluster beside another, and in the end the earliest does.
   */
  @Test
  void ofThoseThatClaimAtTheSameMomentTheEarliestStays() {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      List<Operator> operators = new ArrayList<>();
      for (int i = 0; i < 2 + random.nextInt(3); i++) {
        operators.add(new Operator("uid-" + i, NOON.plusMillis(random.nextInt(1_500))));
      }
      Operator earliest = Collections.min(operators, (a, b) -> a.start.compareTo(b.start));
      Board board = new Board();
      for (int tick = 0; tick < 400; tick++) {
        Instant now = NOON.plusMillis(tick * 100L);
        Collections.shuffle(operators, random);
        operators.forEach(operator -> operator.act(board, now, random));
        assertThat(operators.stream().filter(operator -> operator.holds).count())
            .as("owners at %s with seed %d", now, seed)
            .isLessThanOrEqualTo(1);
      }
      List<Operator> owners = operators.stream().filter(operator -> operator.holds).toList();
      assertThat(owners).as("seed %d", seed).hasSize(1);
      assertThat(board.text.marks()).as("seed %d", seed).hasSize(1);
      if (earliest.start.getEpochSecond() == NOON.getEpochSecond()
          && operators.stream()
              .filter(operator -> operator != earliest)
              .allMatch(operator -> operator.start.getEpochSecond() > NOON.getEpochSecond())) {
        assertThat(owners).as("seed %d", seed).containsExactly(earliest);
      }
    }
  }

  private static final class Board {
    private ClusterNotes text = new ClusterNotes("notes\n");
  }

  /** One that looks at times of its own, and needs up to two seconds from reading to writing. */
  private static final class Operator {
    private final String uid;
    private final Instant start;
    private Optional<Claim> claim = Optional.empty();
    private Optional<ClusterNotes> toWrite = Optional.empty();
    private OwnerMark writing;
    private Instant due;
    private boolean holds;

    private Operator(String uid, Instant start) {
      this.uid = uid;
      this.start = start;
      this.due = start;
    }

    private void act(Board board, Instant now, Random random) {
      if (now.isBefore(due)) {
        return;
      }
      if (toWrite.isPresent()) {
        board.text = toWrite.get();
        claim = Optional.of(new Claim(writing, now, false, false));
        toWrite = Optional.empty();
        due = now.plusMillis(100);
        return;
      }
      ClusterHold hold =
          ClusterHold.judge(uid, List.of(board.text), now, Set.of(), Optional.empty(), claim);
      holds = hold.state() == State.OURS;
      claim =
          hold.state() == State.TAKEN ? Optional.empty() : claim.map(c -> holds ? c.asHeld() : c);
      due = hold.until().orElse(now.plusSeconds(15));
      if (hold.write()) {
        writing = claim.map(Claim::mark).orElse(mark(uid, start));
        toWrite = Optional.of(board.text.with(writing, mark -> true));
        due = now.plusMillis(random.nextInt(1_900));
      }
    }
  }

  private static State takeOver(String order, OwnerMark present) {
    return ClusterHold.judge(
            "ours",
            List.of(new ClusterNotes(present.line())),
            NOON.plusSeconds(100),
            Set.of(),
            Optional.of(order),
            Optional.empty())
        .state();
  }

  private static List<Optional<Claim>> claims(Instant written) {
    return Arrays.asList(
        Optional.empty(),
        Optional.of(new Claim(OURS, written, false, false)),
        Optional.of(new Claim(OURS, written, true, false)),
        Optional.of(new Claim(OURS, written, false, true)));
  }

  private static ClusterHold judge(Instant seenAt, Optional<Claim> claim, String... notes) {
    return ClusterHold.judge(
        "ours",
        Arrays.stream(notes).map(ClusterNotes::new).toList(),
        seenAt,
        Set.of(),
        Optional.empty(),
        claim);
  }

  private static OwnerMark mark(String uid, Instant since) {
    return new OwnerMark("ns/" + uid, uid, since, false);
  }
}
