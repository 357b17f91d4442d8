package io.pveha.packaging;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineManager;
import javax.script.ScriptException;
import org.yaml.snakeyaml.Yaml;

/** Runs our health script for Argo CD as Argo CD does: a global {@code obj}, a table returned. */
public final class LuaHealth {

  private static final Path CONFIG = Path.of("examples", "gitops", "argocd", "health.yaml");
  private static final String KEY = "resource.customizations.health.pveha.io_";

  private final ScriptEngine lua;
  private final Map<String, String> scripts;

  public LuaHealth() throws IOException {
    this.lua = new ScriptEngineManager(LuaHealth.class.getClassLoader()).getEngineByName("luaj");
    if (lua == null) {
      throw new AssertionError("no Lua; org.luaj:luaj-jse is missing from the test class path");
    }
    // Jackson leaves aliases of YAML alone.
    Map<String, Map<String, String>> config = new Yaml().load(Files.readString(CONFIG));
    this.scripts = config.get("data");
  }

  /** What Argo CD shows. */
  public record Health(String status, String message) {}

  public Health of(JsonNode object) throws ScriptException {
    String script = scripts.get(KEY + object.path("kind").asText());
    if (script == null) {
      throw new AssertionError("no health script for " + object.path("kind"));
    }
    String result =
        (String)
            lua.eval(
                "obj = "
                    + literal(object)
                    + "\nlocal function check()\n"
                    + script
                    + "\nend\nlocal hs = check()\nreturn hs.status .. '\\n' .. hs.message");
    int end = result.indexOf('\n');
    return new Health(result.substring(0, end), result.substring(end + 1));
  }

  private static String literal(JsonNode node) {
    if (node.isObject()) {
      List<String> fields = new ArrayList<>();
      node.properties()
          .forEach(
              field -> fields.add("[" + quoted(field.getKey()) + "]=" + literal(field.getValue())));
      return "{" + String.join(",", fields) + "}";
    }
    if (node.isArray()) {
      List<String> items = new ArrayList<>();
      node.forEach(item -> items.add(literal(item)));
      return "{" + String.join(",", items) + "}";
    }
    return node.isTextual() ? quoted(node.asText()) : node.isNull() ? "nil" : node.toString();
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      quoted.append(String.format("\\%03d", b & 0xff));
    }
    return quoted.append('"').toString();
  }
}
