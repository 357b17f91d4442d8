package io.pveha.app.demo;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The manifests of a folder, with the addresses and secrets of this very simulator filled in. */
final class Manifests {

  private Manifests() {}

  /**
   * Reads every YAML file of a folder in name order.
   *
   * @param replacements text in the files, and what stands in its place here
   */
  static List<HasMetadata> load(
      KubernetesClient client, Path folder, Map<String, String> replacements) {
    return files(folder).stream()
        .map(Manifests::read)
        .map(text -> replaced(text, replacements))
        .flatMap(text -> client.load(stream(text)).items().stream())
        .toList();
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(path -> path.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** All at once, so that what was put in is not replaced again. */
  private static String replaced(String text, Map<String, String> replacements) {
    if (replacements.isEmpty()) {
      return text;
    }
    String any =
        replacements.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
    return Pattern.compile(any)
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(replacements.get(found.group())));
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
