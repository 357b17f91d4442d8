package io.pveha.app.rehearse;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pveha.rehearsal.Rehearsal;
import io.pveha.rehearsal.Scenario;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code bin/rehearse}: plays scenario files and writes what happens. */
public final class Rehearse {

  /** Every file was played. */
  static final int PLAYED = 0;

  /** At least one file was not; standard error names it. */
  static final int NOT_PLAYED = 1;

  /** The command line makes no sense. */
  static final int WRONG_USE = 2;

  private static final String USAGE =
      """
      usage: rehearse [--out DIR] FILE.json ...
             rehearse --cluster NAME [--namespace NAMESPACE] [--lose NODE[,NODE...]]

      Plays scenarios of an HA cluster and writes the events as JSON lines, NAME.jsonl per scenario
      into DIR, or all to standard output without --out.

      With --cluster, tells what would happen if nodes of a live cluster were lost now: it reads the
      ProxmoxCluster and its Secrets by your kubeconfig and asks Proxmox, and changes nothing.
      Without --lose, each node is lost by itself.

      exit status: 0 every file was played, or every guest would be recovered;
                   1 some file was not played, or the cluster could not be asked, as standard error
                     says; 2 wrong use; 3 some guest would stay down
      """;

  private static final Set<String> CLUSTER_OPTIONS = Set.of("--cluster", "--namespace", "--lose");

  private final PrintStream out;
  private final PrintStream err;

  Rehearse(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  public static void main(String[] args) {
    int status = new Rehearse(System.out, System.err).run(args);
    System.out.flush();
    System.exit(status);
  }

  int run(String... args) {
    if (List.of(args).contains("--cluster")) {
      return rehearseCluster(args);
    }
    Path folder = null;
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "-h", "--help" -> {
          out.print(USAGE);
          return PLAYED;
        }
        case "--out" -> {
          i++;
          if (i == args.length) {
            return wrongUse("--out needs a folder");
          }
          folder = Path.of(args[i]);
        }
        default -> {
          if (args[i].startsWith("-")) {
            return wrongUse("unknown option " + args[i]);
          }
          files.add(Path.of(args[i]));
        }
      }
    }
    if (files.isEmpty()) {
      return wrongUse("no scenario file given");
    }
    if (folder != null) {
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        return wrongUse("can't create folder " + folder);
      }
    }
    List<Outcome> outcomes = files.parallelStream().map(Rehearse::play).toList();
    int status = PLAYED;
    for (int i = 0; i < files.size(); i++) {
      String complaint = report(outcomes.get(i), folder);
      if (complaint != null) {
        err.println(files.get(i) + ": " + complaint);
        status = NOT_PLAYED;
      }
    }
    return status;
  }

  private int rehearseCluster(String... args) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      if (!CLUSTER_OPTIONS.contains(args[i])) {
        return wrongUse(args[i] + " does not go with --cluster");
      }
      if (i + 1 == args.length || args[i + 1].startsWith("-")) {
        return wrongUse(args[i] + " needs a value");
      }
      if (options.put(args[i], args[i + 1]) != null) {
        return wrongUse(args[i] + " is given twice");
      }
    }
    List<String> lost =
        options.containsKey("--lose") ? List.of(options.get("--lose").split(",")) : List.of();
    // What the Kubernetes client logs with; it must be named before anything logs.
    System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
    try (KubernetesClient client = ClusterRehearsal.client()) {
      return new ClusterRehearsal(client, Clock.systemUTC(), out, err)
          .run(options.get("--cluster"), Optional.ofNullable(options.get("--namespace")), lost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return NOT_PLAYED;
    }
  }

  private int wrongUse(String complaint) {
    err.println("rehearse: " + complaint);
    err.print(USAGE);
    return WRONG_USE;
  }

  /** What became of a file: the events of a scenario, or a complaint. */
  private record Outcome(String name, String lines, String complaint) {

    static Outcome failed(String complaint) {
      return new Outcome(null, null, complaint);
    }
  }

  private static Outcome play(Path file) {
    try {
      Scenario scenario = ScenarioReader.read(Files.readString(file));
      String lines = EventWriter.lines(Rehearsal.play(scenario));
      return new Outcome(scenario.name(), lines, null);
    } catch (MalformedScenario e) {
      return Outcome.failed(e.getMessage());
    } catch (RuntimeException e) {
      // the edge of the program: one scenario that breaks the model must not hide the others
      return Outcome.failed("can't be played: " + e);
    } catch (NoSuchFileException e) {
      return Outcome.failed("is not there");
    } catch (CharacterCodingException e) {
      return Outcome.failed("is not UTF-8");
    } catch (IOException e) {
      return Outcome.failed("can't be read: " + e.getMessage());
    }
  }

  /** Writes the events of one file; what is wrong with it, or null. */
  private String report(Outcome outcome, Path folder) {
    if (outcome.complaint() != null) {
      return outcome.complaint();
    }
    if (folder == null) {
      out.print(outcome.lines());
      return null;
    }
    try {
      Files.writeString(folder.resolve(outcome.name() + ".jsonl"), outcome.lines());
      return null;
    } catch (IOException e) {
      return "can't write its events: " + e.getMessage();
    }
  }
}
