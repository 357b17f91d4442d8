package io.pveha.simulator.api.declare;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All calls of one release. */
public final class Declarations {

  private static final List<String> FAMILIES =
      List.of("access", "cluster", "disks", "ha", "lxc", "nodes", "qemu", "replication", "storage");

  private final Map<String, Declaration> calls;

  private Declarations(Map<String, Declaration> calls) {
    this.calls = Collections.unmodifiableMap(calls);
  }

  /** A call and what the sent path has in place of its variables. */
  public record Match(Declaration call, Map<String, String> variables) {}

  /**
   * Reads the calls of a release.
   *
   * @param major 8 or 9
   */
  public static Declarations of(int major) {
    Map<String, Declaration> calls = new LinkedHashMap<>();
    for (String family : FAMILIES) {
      String file = "/io/pveha/simulator/api/" + family + ".calls";
      try (InputStream in = Declarations.class.getResourceAsStream(file)) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        new CallsFile(major).read(text).forEach(call -> calls.put(call.name(), call));
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
    return new Declarations(calls);
  }

  /** In no particular order. */
  public Collection<Declaration> all() {
    return calls.values();
  }

  /** By {@link Declaration#name()}. */
  public Optional<Declaration> named(String name) {
    return Optional.ofNullable(calls.get(name));
  }

  /**
   * The call for a request; a path with fixed words goes before one with a variable.
   *
   * @param path decoded segments below {@code /api2/json}
   */
  public Optional<Match> route(String method, List<String> path) {
    List<Match> matches = new ArrayList<>();
    for (Declaration call : calls.values()) {
      if (call.method().equals(method)) {
        call.match(path).ifPresent(variables -> matches.add(new Match(call, variables)));
      }
    }
    return matches.stream()
        .min((one, other) -> Integer.compare(one.variables().size(), other.variables().size()));
  }
}
