package io.pveha.proxmox;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * A request to Proxmox's API.
 *
 * @param path below {@code /api2/json}, with leading slash
 * @param parameters by name, as text the way Proxmox takes it; may hold secrets
 */
public record ApiRequest(Method method, String path, Map<String, String> parameters) {

  private static final Set<String> SECRET = Set.of("password", "cipassword");

  /** HTTP methods that Proxmox uses. */
  public enum Method {
    GET,
    POST,
    PUT,
    DELETE;

    /** Whether a request of this method changes something. */
    public boolean isWrite() {
      return this != GET;
    }
  }

  public ApiRequest {
    parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
  }

  public static ApiRequest get(String path) {
    return new ApiRequest(Method.GET, path, Map.of());
  }

  public static ApiRequest post(String path) {
    return new ApiRequest(Method.POST, path, Map.of());
  }

  public static ApiRequest put(String path) {
    return new ApiRequest(Method.PUT, path, Map.of());
  }

  public static ApiRequest delete(String path) {
    return new ApiRequest(Method.DELETE, path, Map.of());
  }

  /**
   * With one parameter more. Proxmox wants booleans as 1 and 0 and lists with commas; null and an
   * empty Optional leave the parameter out.
   */
  public ApiRequest with(String name, Object value) {
    Object plain = value instanceof Optional ? ((Optional<?>) value).orElse(null) : value;
    if (plain == null) {
      return this;
    }
    Map<String, String> more = new TreeMap<>(parameters);
    more.put(name, text(plain));
    return new ApiRequest(method, path, more);
  }

  private static String text(Object value) {
    if (value instanceof Boolean) {
      return (Boolean) value ? "1" : "0";
    }
    if (value instanceof Secret) {
      return ((Secret) value).reveal();
    }
    if (value instanceof Collection) {
      StringJoiner list = new StringJoiner(",");
      ((Collection<?>) value).forEach(element -> list.add(element.toString()));
      return list.toString();
    }
    return value.toString();
  }

  /** The text without the secrets of this request, which Proxmox may quote in an error. */
  public String withoutSecrets(String text) {
    String clean = text;
    for (String name : SECRET) {
      clean = new Secret(parameters.getOrDefault(name, "")).removedFrom(clean);
    }
    return clean;
  }

  /** Method and path only: parameters may be secret. */
  @Override
  public String toString() {
    return method + " " + path;
  }
}
