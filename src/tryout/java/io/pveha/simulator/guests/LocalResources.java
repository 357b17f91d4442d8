package io.pveha.simulator.guests;

import io.pveha.simulator.config.GuestConfig;
import io.pveha.simulator.config.GuestKind;
import io.pveha.simulator.machine.Machine;
import io.pveha.simulator.machine.MachinePart;
import io.pveha.simulator.storage.LocalFiles;
import io.pveha.simulator.storage.NodeStorage;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a node has of its own that guests use: devices, directories, and CD images and snippets on
 * storages that are not shared. What a guest is configured with on a node was there before.
 */
public final class LocalResources implements MachinePart, LocalFiles {

  private static final Pattern FILE = Pattern.compile("[^/:,=]+:(iso|snippets)/.+");
  private static final Pattern MAPPED = Pattern.compile("(?:^|.*,)mapping=([^,]+).*");

  private final Machine node;
  private final SortedSet<String> things = new TreeSet<>();

  public LocalResources(Machine node) {
    this.node = node;
  }

  /** Puts a device, a directory or a file there, as {@code local:iso/debian.iso}. */
  public void put(String thing) {
    things.add(thing);
  }

  /** Files on a storage, as {@code local:iso/debian.iso}. */
  @Override
  public SortedSet<String> files(String storage) {
    SortedSet<String> files = new TreeSet<>(things);
    files.removeIf(thing -> !thing.startsWith(storage + ":"));
    return Collections.unmodifiableSortedSet(files);
  }

  /** A guest is configured with options here. */
  void configured(GuestKind kind, Map<String, String> options) {
    options.forEach((key, value) -> thing(kind, key, value).ifPresent(things::add));
  }

  /** What keeps a guest from starting here; empty when nothing of the kind does. */
  Optional<String> missing(GuestKind kind, Map<String, String> options) {
    for (Map.Entry<String, String> option : new TreeMap<>(options).entrySet()) {
      Optional<String> why = missing(kind, option.getKey(), option.getValue());
      if (why.isPresent()) {
        return why;
      }
    }
    return Optional.empty();
  }

  private Optional<String> missing(GuestKind kind, String key, String value) {
    Matcher mapping = MAPPED.matcher(value);
    if (key.matches("(hostpci|usb)\\d+") && mapping.matches()) {
      String id = (key.startsWith("usb") ? "usb/" : "pci/") + mapping.group(1);
      return node.part(Mappings.class).nodesOf(id).contains(node.name())
          ? Optional.empty()
          : Optional.of(
              "%s device mapping not found for '%s' on node '%s'"
                  .formatted(key.startsWith("usb") ? "USB" : "PCI", mapping.group(1), node.name()));
    }
    Optional<String> thing = thing(kind, key, value);
    if (thing.isEmpty() || things.contains(thing.get())) {
      return Optional.empty();
    }
    if (FILE.matcher(thing.get()).matches()) {
      String storage = thing.get().substring(0, thing.get().indexOf(':'));
      return node.part(NodeStorage.class).isShared(storage)
              && node.part(NodeStorage.class).isUsable(storage)
          ? Optional.empty()
          : Optional.of("volume '%s' does not exist".formatted(thing.get()));
    }
    return Optional.of(
        thing.get().startsWith("/") && !thing.get().startsWith("/dev/")
            ? "directory '%s' does not exist".formatted(thing.get())
            : "no device '%s' found".formatted(thing.get()));
  }

  /** The one thing of the node that an option names, if it does. */
  private static Optional<String> thing(GuestKind kind, String key, String value) {
    String first = value.split(",")[0].replaceFirst("^(volume|file|path|host)=", "");
    boolean file = FILE.matcher(first).matches();
    if (kind == GuestKind.CT) {
      boolean path = key.matches("mp\\d+|dev\\d+") && first.startsWith("/");
      return path || key.equals("hookscript") && file ? Optional.of(first) : Optional.empty();
    }
    if (key.matches("(hostpci|usb)\\d+")) {
      boolean raw =
          !first.equals("spice")
              && Arrays.stream(value.split(",")).noneMatch(part -> part.startsWith("mapping="));
      return raw ? Optional.of(first) : Optional.empty();
    }
    boolean named =
        GuestConfig.isDiskKey(key) && (first.startsWith("/") || file)
            || key.matches("(serial|parallel)\\d+") && first.startsWith("/dev/")
            || key.equals("hookscript") && file;
    return named ? Optional.of(first) : Optional.empty();
  }
}
