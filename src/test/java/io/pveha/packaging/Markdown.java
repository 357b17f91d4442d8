package io.pveha.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What our documentation says in Markdown: headings, anchors, links and blocks of code. */
final class Markdown {

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern BLOCK =
      Pattern.compile("^```([a-z]*)[^\\n]*\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

  private Markdown() {}

  /** Texts of the headings of a level, in order. */
  static List<String> headings(Path file, int level) throws IOException {
    String mark = "#".repeat(level) + " ";
    return prose(file)
        .lines()
        .filter(line -> line.startsWith(mark))
        .map(line -> line.substring(mark.length()).strip())
        .toList();
  }

  /** Anchors as the usual web views make them of headings. */
  static Set<String> anchors(Path file) throws IOException {
    Set<String> anchors = new TreeSet<>();
    for (int level = 1; level <= 6; level++) {
      for (String heading : headings(file, level)) {
        anchors.add(
            heading
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-'));
      }
    }
    return anchors;
  }

  /** Targets of links, without those to other sites. */
  static List<String> links(Path file) throws IOException {
    List<String> links = new ArrayList<>();
    Matcher link = LINK.matcher(prose(file));
    while (link.find()) {
      if (!link.group(1).matches("^[a-z]+:.*")) {
        links.add(link.group(1));
      }
    }
    return links;
  }

  /** Blocks of code of a language, in order. */
  static List<String> blocks(Path file, String language) throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(file));
    while (block.find()) {
      if (block.group(1).equals(language)) {
        blocks.add(block.group(2));
      }
    }
    return blocks;
  }

  private static String prose(Path file) throws IOException {
    return BLOCK.matcher(Files.readString(file)).replaceAll("");
  }
}
