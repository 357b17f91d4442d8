package io.pveha.core.move;

import java.util.List;

/** What is remembered of moves: those under way, the last that ended, and guests to bring back. */
public record MoveMemory(List<MoveOrder> orders, List<AwayGuest> away) {

  public static final MoveMemory EMPTY = new MoveMemory(List.of(), List.of());

  public MoveMemory {
    orders = List.copyOf(orders);
    away = List.copyOf(away);
  }
}
