package io.pveha.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.core.safety.NeededPrivilege;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the privileges that the documentation names and those that are asked for together. */
class PrivilegesInDocsTest {

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern ROLE = Pattern.compile("pveum role add (\\S+) --privs \"([^\"]+)\"");

  /** A row of the table: a privilege on a path, what for, and what happens without it. */
  private record Row(String name, String path, String purpose, String without) {}

  @Test
  void theTableHasEachPrivilegeWithItsPurpose() throws IOException {
    List<Row> rows = rows();

    assertThat(rows)
        .extracting(row -> row.name() + " on " + row.path() + " for " + row.purpose())
        .containsExactlyInAnyOrderElementsOf(
            NeededPrivilege.ALL.stream()
                .map(each -> each.name() + " on " + each.path() + " for " + each.purpose())
                .collect(Collectors.toCollection(TreeSet::new)));
    assertThat(rows).extracting(Row::without).noneMatch(String::isBlank);
  }

  /** The roles of getting-started grant what is needed, and nothing else. */
  @Test
  void theRolesHaveThesePrivilegesAndNoOthers() throws IOException {
    Map<String, Set<String>> wanted = new TreeMap<>();
    for (NeededPrivilege each : NeededPrivilege.ALL) {
      wanted.computeIfAbsent(each.role(), role -> new TreeSet<>()).add(each.name());
    }
    Map<String, Set<String>> granted = new TreeMap<>();
    ROLE.matcher(Files.readString(Path.of("docs", "getting-started.md")))
        .results()
        .forEach(
            role ->
                granted
                    .computeIfAbsent(role.group(1), name -> new TreeSet<>())
                    .addAll(Arrays.asList(role.group(2).split(" "))));

    assertThat(granted).isEqualTo(wanted);
  }

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    String page = Files.readString(Path.of("docs", "security.md"));
    String table = page.substring(page.indexOf("| Privilege | On path |"));
    for (String line : table.lines().skip(2).takeWhile(each -> each.startsWith("|")).toList()) {
      String[] cells = line.split(" \\| |^\\| | \\|$");
      String path = CODE.matcher(cells[2]).results().findFirst().orElseThrow().group(1);
      for (MatchResult name : CODE.matcher(cells[1]).results().toList()) {
        for (String purpose : cells[3].split("; ")) {
          rows.add(new Row(name.group(1), path, purpose, cells[4]));
        }
      }
    }
    return rows;
  }
}
