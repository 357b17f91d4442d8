package io.pveha.app.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RehearseTest {

  private static final String GOOD =
      """
      {"name": "good", "cluster": {"nodes": {"node1": {"power": "off", "network": "off"}}},
       "services": {"vm:1": {"node": "node1", "state": "started"}},
       "commands": [[{"op": "power", "node": "node1", "value": "on"}]]}
      """;

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void writesOneFileOfEventsPerScenario() throws IOException {
    Path scenario = write("any.json", GOOD);

    int status = rehearse("--out", folder.resolve("events").toString(), scenario.toString());

    assertThat(status).isEqualTo(Rehearse.PLAYED);
    assertThat(folder.resolve("events/good.jsonl")).content().contains("\"event\":\"started\"");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void printsEventsWithoutAnOutputFolder() throws IOException {
    assertThat(rehearse(write("any.json", GOOD).toString())).isEqualTo(Rehearse.PLAYED);
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("{\"t\":0,");
  }

  @Test
  void playsTheOtherFilesWhenOneIsWrong() throws IOException {
    Path wrong = write("wrong.json", "{");
    Path good = write("good.json", GOOD);

    int status = rehearse("--out", folder.toString(), wrong.toString(), good.toString());

    assertThat(status).isEqualTo(Rehearse.NOT_PLAYED);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("wrong.json: ");
    assertThat(folder.resolve("good.jsonl")).exists();
  }

  @ParameterizedTest(name = "{0} -> {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"op\": \"power\"|\"op\": \"explode\"|unknown command 'explode'",
        "\"op\": \"power\"|\"oops\": \"power\"|unknown command 'null'",
        "\"node\": \"node1\", \"value\"|\"node\": \"node9\", \"value\"|unknown node 'node9'",
        "\"node\": \"node1\", \"state\"|\"node\": \"node9\", \"state\"|unknown node 'node9'",
        "\"value\": \"on\"|\"value\": \"up\"|'value' must be one of [on, off]",
        "\"value\": \"on\"|\"val\": \"on\"|'value' is missing",
        "\"state\": \"started\"|\"state\": \"running\"|unknown word 'running'",
        "vm:1|vm1|'vm1' is not a service id",
        "\"commands\"|\"comands\"|commands: must be a list",
        "\"cluster\"|\"claster\"|cluster: is missing",
        "\"name\": \"good\"|\"nome\": \"good\"|name: is missing",
        "\"name\": \"good\"|\"name\": \"../good\"|can't name a file",
        "\"power\": \"off\"|\"power\": 7|must be a string",
      })
  void namesTheFileAndTheMistake(String right, String wrong, String complaint) throws IOException {
    assertThat(GOOD).contains(right);
    Path file = write("mistake.json", GOOD.replace(right, wrong));

    int status = rehearse("--out", folder.toString(), file.toString());

    assertThat(status).isEqualTo(Rehearse.NOT_PLAYED);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("mistake.json: ").contains(complaint);
  }

  @Test
  void namesAFileThatIsNotThere() {
    assertThat(rehearse(folder.resolve("nowhere.json").toString())).isEqualTo(Rehearse.NOT_PLAYED);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("nowhere.json");
  }

  @Test
  void saysHowItIsUsedWhenItIsUsedWrongly() {
    assertThat(rehearse()).isEqualTo(Rehearse.WRONG_USE);
    assertThat(rehearse("--loud", "x.json")).isEqualTo(Rehearse.WRONG_USE);
    assertThat(rehearse("--out")).isEqualTo(Rehearse.WRONG_USE);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("usage: rehearse");
    assertThat(rehearse("--help")).isEqualTo(Rehearse.PLAYED);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private int rehearse(String... args) {
    return new Rehearse(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(args);
  }
}
