package io.pveha.app.simulator;

import io.pveha.simulator.api.SimulatorOptions;
import io.pveha.simulator.machine.PveVersion;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * The command line of the simulator.
 *
 * @param options of the cluster
 * @param info where to write what clients need to know
 * @param help whether only help was asked for
 */
record SimulatorArguments(SimulatorOptions options, Optional<Path> info, boolean help) {

  static final String HELP =
      """
      Usage: bin/simulator [OPTION]...
      A Proxmox VE cluster that is not there: HTTPS API per node, guests' web pages, faults on demand.

        --pve 8.3|9.1|9.2 release (default 9.1)
        --nodes N         how many nodes, node1 to nodeN (default 3)
        --bare            stand-alone nodes with a free spare disk each; without it they are a cluster
                          named "simulated" with the ZFS pool and storage "tank" on every node
        --speed X         simulated seconds per second (default 1); 0: time stands still, see the
                          admin API's POST /clock/advance
        --port P          API port of the first node, the others follow (default 8006); 0: any
                          The page of guest N is at port P + 1000 + N.
        --admin-port P    admin API and live page (default: first node's port + 900)
        --record FILE     write each API request and answer as a line of JSON, secrets blanked
        --info FILE       write, when ready, JSON with the nodes' names, URLs and fingerprints, the
                          root password, an API token, and the URL of the admin API
        --seed N          of everything random (default 1)
        --help            this text
      """;

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  static SimulatorArguments parse(String... arguments) {
    SimulatorOptions options = SimulatorOptions.standard().withBare(false).withPort(8006);
    Optional<Path> info = Optional.empty();
    boolean help = false;
    Deque<String> words = new ArrayDeque<>(Arrays.asList(arguments));
    while (!words.isEmpty()) {
      String word = words.remove();
      switch (word) {
        case "--help", "-h" -> help = true;
        case "--bare" -> options = options.withBare(true);
        case "--pve" -> options = options.withVersion(PveVersion.of(value(word, words)));
        case "--nodes" -> options = options.withNodes((int) number(word, words, 1, 32));
        case "--speed" -> options = options.withSpeed(number(word, words, 0, 10_000));
        case "--port" -> options = options.withPort((int) number(word, words, 0, 60_000));
        case "--admin-port" ->
            options = options.withAdminPort((int) number(word, words, 1, 65_535));
        case "--seed" -> options = options.withSeed((long) number(word, words, 0, 1e15));
        case "--record" -> options = options.withRecord(Path.of(value(word, words)));
        case "--info" -> info = Optional.of(Path.of(value(word, words)));
        default -> throw new IllegalArgumentException("unknown option " + word);
      }
    }
    return new SimulatorArguments(options, info, help);
  }

  private static String value(String option, Deque<String> words) {
    if (words.isEmpty()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return words.remove();
  }

  private static double number(String option, Deque<String> words, double least, double most) {
    String text = value(option, words);
    try {
      double number = Double.parseDouble(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notOne) {
      // Told below, as a number out of bounds is.
    }
    throw new IllegalArgumentException(
        String.format("%s needs a number from %.0f to %.0f, not %s", option, least, most, text));
  }
}
