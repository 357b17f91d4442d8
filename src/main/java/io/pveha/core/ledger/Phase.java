package io.pveha.core.ledger;

/** What happened when, in order. */
public enum Phase {
  /** The node was seen to leave the membership. */
  LOSS_SEEN("LossSeen", false),
  /** The HA manager declared the node lost. */
  DECLARED("Declared", false),
  /** The node is known to be down. */
  FENCED("Fenced", true),
  /** The guest's configuration belongs to its new node. */
  RECOVERED("Recovered", true),
  /** The new node was told to start it. */
  START_ISSUED("StartIssued", true),
  /** Proxmox reports it running. */
  RUNNING("Running", true),
  /** Its probe answers. */
  ANSWERING("Answering", true);

  private final String word;
  private final boolean good;

  Phase(String word, boolean good) {
    this.word = word;
    this.good = good;
  }

  /** As it is told. */
  public String word() {
    return word;
  }

  /** Whether it is good news. */
  public boolean isGood() {
    return good;
  }
}
