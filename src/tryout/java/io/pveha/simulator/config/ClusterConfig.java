package io.pveha.simulator.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One state of the cluster file system. Immutable: a write makes the next version. Entries keep the
 * order in which they were written, as in the files.
 */
public final class ClusterConfig {

  private final long version;
  private final String lineage;
  private final Map<Section, Map<String, SortedMap<String, String>>> sections;
  private final SortedMap<String, Object> documents;

  private ClusterConfig(
      long version,
      String lineage,
      Map<Section, Map<String, SortedMap<String, String>>> sections,
      SortedMap<String, Object> documents) {
    this.version = version;
    this.lineage = lineage;
    this.sections = sections;
    this.documents = documents;
  }

  /**
   * A database without entries.
   *
   * @param lineage names the database; also the key that signs its tickets
   */
  public static ClusterConfig empty(String lineage) {
    return new ClusterConfig(1, lineage, new EnumMap<>(Section.class), new TreeMap<>());
  }

  /** Grows by one with each write. */
  public long version() {
    return version;
  }

  /**
   * Which database this is. Stays with all writes and goes when a node joins a cluster: tickets
   * signed under another lineage are void.
   */
  public String lineage() {
    return lineage;
  }

  /** The entries of a file, in the order of the file. */
  public Map<String, SortedMap<String, String>> section(Section section) {
    return sections.getOrDefault(section, Map.of());
  }

  /** One entry's properties. */
  public Optional<SortedMap<String, String>> entry(Section section, String id) {
    return Optional.ofNullable(section(section).get(id));
  }

  /** One property of one entry. */
  public Optional<String> property(Section section, String id, String key) {
    return entry(section, id).map(properties -> properties.get(key));
  }

  /** With this entry in place of the former one of that id, or added at the end. */
  public ClusterConfig with(Section section, String id, Map<String, String> properties) {
    Map<String, SortedMap<String, String>> entries = new LinkedHashMap<>(section(section));
    entries.put(id, Collections.unmodifiableSortedMap(new TreeMap<>(properties)));
    return replaced(section, entries);
  }

  /** With one property of an entry set; a null value removes the property. */
  public ClusterConfig with(Section section, String id, String key, String value) {
    SortedMap<String, String> properties =
        new TreeMap<>(entry(section, id).orElseGet(TreeMap::new));
    if (value == null) {
      properties.remove(key);
    } else {
      properties.put(key, value);
    }
    return with(section, id, properties);
  }

  /** Without this entry. */
  public ClusterConfig without(Section section, String id) {
    if (!section(section).containsKey(id)) {
      return this;
    }
    Map<String, SortedMap<String, String>> entries = new LinkedHashMap<>(section(section));
    entries.remove(id);
    return replaced(section, entries);
  }

  /** A document that is no list of entries: the HA status files, for example. */
  public Object document(String name) {
    return documents.get(name);
  }

  /** With this document; null removes it. Documents must not be changed after being handed over. */
  public ClusterConfig withDocument(String name, Object document) {
    SortedMap<String, Object> changed = new TreeMap<>(documents);
    if (document == null) {
      changed.remove(name);
    } else {
      changed.put(name, document);
    }
    return new ClusterConfig(version + 1, lineage, sections, changed);
  }

  /** The digest that guards updates of this file: 40 hex digits. */
  public String digest(Section section) {
    StringBuilder text = new StringBuilder();
    for (Section each : Section.values()) {
      if (each.file().equals(section.file())) {
        text.append(section(each));
      }
    }
    return sha1(text.toString());
  }

  /** The digest of one entry, as guests' configurations have it. */
  public String digest(Section section, String id) {
    return sha1(entry(section, id).map(Object::toString).orElse(""));
  }

  private static String sha1(String text) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(sha1.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private ClusterConfig replaced(Section section, Map<String, SortedMap<String, String>> entries) {
    Map<Section, Map<String, SortedMap<String, String>>> changed = new EnumMap<>(Section.class);
    changed.putAll(sections);
    changed.put(section, Collections.unmodifiableMap(entries));
    return new ClusterConfig(version + 1, lineage, changed, documents);
  }
}
