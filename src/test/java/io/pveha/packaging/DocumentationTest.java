package io.pveha.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pveha.api.v1alpha1.ConditionReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the documentation and the product together. */
class DocumentationTest {

  private static final Path DOCS = Path.of("docs");

  /** In the order in which one writes them. */
  private static final List<String> KINDS =
      List.of("proxmoxclusters", "zfspools", "replicationjobs", "haresources");

  @Test
  void referenceIsGeneratedFromTheDefinitions() throws IOException {
    StringBuilder page =
        new StringBuilder(
            """
            # Reference of the four kinds

            Generated from [`crds/`](../crds); `kubectl explain pxc.spec` says the same beside a cluster. Every condition reason has
            a heading in [troubleshooting](troubleshooting.md).

            """);
    for (String kind : KINDS) {
      JsonNode definition =
          Helm.objects(Files.readString(Path.of("crds", kind + ".pveha.io.yaml"))).get(0);
      page.append(ReferenceText.of(definition));
    }

    CommittedFile.isUpToDate(DOCS.resolve("reference.md"), page.toString().stripTrailing() + "\n");
  }

  @Test
  void everyConditionReasonHasAHeadingInTroubleshooting() throws IOException {
    Set<String> reasons =
        Stream.of(ConditionReason.values())
            .map(ConditionReason::text)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(Markdown.headings(DOCS.resolve("troubleshooting.md"), 3))
        .containsExactlyInAnyOrderElementsOf(reasons);
  }

  /** A newcomer finds each class by the pictures. */
  @Test
  void picturesOfTheArchitectureNameClassesThatExist() throws IOException {
    String page = Files.readString(DOCS.resolve("architecture.md"));
    String pictures = page.substring(page.indexOf("## Where to find it"));
    pictures = pictures.substring(0, pictures.indexOf("\n## ", 1));
    Set<String> named =
        Pattern.compile("\\b([A-Z][a-z]+){2,}\\b")
            .matcher(pictures)
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> classes;
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      classes =
          sources
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .collect(Collectors.toSet());
    }

    assertThat(named).hasSizeGreaterThan(30);
    assertThat(classes).containsAll(named);
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path file : pages()) {
      for (String link : Markdown.links(file)) {
        String path = link.replaceFirst("#.*", "");
        Path target = path.isEmpty() ? file : resolved(file, path);
        String anchor = link.contains("#") ? link.replaceFirst(".*#", "") : "";
        if (!Files.exists(target)
            || !anchor.isEmpty() && !Markdown.anchors(target).contains(anchor)) {
          broken.add(file + ": " + link);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void everyPageIsLinkedFromTheFirst() throws IOException {
    Set<Path> linked = new TreeSet<>();
    for (String link : Markdown.links(DOCS.resolve("README.md"))) {
      linked.add(resolved(DOCS.resolve("README.md"), link.replaceFirst("#.*", "")));
    }
    try (Stream<Path> files = Files.list(DOCS)) {
      assertThat(linked)
          .containsAll(
              files
                  .filter(file -> file.toString().endsWith(".md"))
                  .filter(file -> !file.endsWith("README.md"))
                  .toList());
    }
  }

  private static Path resolved(Path file, String link) {
    Path parent = file.getParent();
    return (parent == null ? Path.of(link) : parent.resolve(link)).normalize();
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (Path folder : List.of(DOCS, Path.of("examples"))) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
      }
    }
    Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
        .map(Path::of)
        .filter(Files::exists)
        .forEach(pages::add);
    return pages;
  }
}
