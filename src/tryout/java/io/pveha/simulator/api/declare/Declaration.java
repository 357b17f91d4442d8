package io.pveha.simulator.api.declare;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One call of the API in one release.
 *
 * @param method GET, POST, PUT or DELETE
 * @param path with its variables in braces
 * @param forwarded whether it runs on the node that the path names
 * @param tokens whether API tokens may make it
 * @param rule who else may
 * @param parameters all of them, those of the path included
 */
public record Declaration(
    String method,
    String path,
    boolean forwarded,
    boolean tokens,
    Rule rule,
    List<Parameter> parameters) {

  public Declaration {
    parameters = List.copyOf(parameters);
  }

  /** {@code GET /nodes/{node}/status}. */
  public String name() {
    return method + " " + path;
  }

  /** The parameter that is sent under this name. */
  public Optional<Parameter> parameter(String sent) {
    return parameters.stream().filter(parameter -> parameter.isNamed(sent)).findFirst();
  }

  /** The values of the path's variables when the path is of this form. */
  Optional<Map<String, String>> match(List<String> sent) {
    String[] form = path.substring(1).split("/");
    // A volume id has slashes of its own; it is always last.
    boolean open = form[form.length - 1].equals("{volume}") && sent.size() > form.length;
    if (form.length != sent.size() && !open) {
      return Optional.empty();
    }
    Map<String, String> values = new TreeMap<>();
    for (int at = 0; at < form.length; at++) {
      boolean last = at == form.length - 1;
      String value = last ? String.join("/", sent.subList(at, sent.size())) : sent.get(at);
      if (form[at].startsWith("{")) {
        values.put(form[at].substring(1, form[at].length() - 1), value);
      } else if (!form[at].equals(value)) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }
}
