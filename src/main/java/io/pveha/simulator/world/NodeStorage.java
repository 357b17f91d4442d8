package io.pveha.simulator.world;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Storage entries (cluster-wide) and what lies on them at this node. */
public final class NodeStorage {

  /** A row of {@code GET /nodes/NODE/storage}; sizes in bytes, 0 while not active. */
  public record StorageRow(
      String storage,
      String type,
      String content,
      boolean enabled,
      boolean active,
      boolean shared,
      long total,
      long used,
      long avail) {}

  /** A row of {@code GET /nodes/NODE/storage/ID/content}; {@code vmid} 0 when of no guest. */
  public record Volume(
      String volid, String content, String format, long size, int vmid, long ctime) {}

  /** {@code POST /storage}; returns the stored properties. */
  public Map<String, String> create(String id, Map<String, String> properties) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** {@code PUT /storage/ID}; returns the stored properties. */
  public Map<String, String> update(
      String id, Map<String, String> set, Set<String> delete, Optional<String> digest) {
    throw new UnsupportedOperationException("not there yet");
  }

  public void delete(String id) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Storages that are configured for this node, by id. */
  public List<StorageRow> status() {
    throw new UnsupportedOperationException("not there yet");
  }

  public StorageRow status(String id) {
    throw new UnsupportedOperationException("not there yet");
  }

  public List<Volume> content(String id) {
    throw new UnsupportedOperationException("not there yet");
  }
}
