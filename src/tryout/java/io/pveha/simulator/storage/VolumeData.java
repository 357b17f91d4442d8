package io.pveha.simulator.storage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A volume and what was written to it: which run of the guest made which numbered writes. Copies
 * share a beginning; that is how lost writes are told from kept ones.
 */
public final class VolumeData {

  private final String name;
  private final int vmid;
  private final String content;
  private final String format;
  private final Instant created;
  private long bytes;
  private List<Writes> writes;
  private final Map<String, List<Writes>> snapshots = new LinkedHashMap<>();

  public VolumeData(
      String name,
      int vmid,
      String content,
      String format,
      long bytes,
      Instant created,
      List<Writes> writes) {
    this.name = name;
    this.vmid = vmid;
    this.content = content;
    this.format = format;
    this.bytes = bytes;
    this.created = created;
    this.writes = List.copyOf(writes);
  }

  public String name() {
    return name;
  }

  public int vmid() {
    return vmid;
  }

  String content() {
    return content;
  }

  public String format() {
    return format;
  }

  public long bytes() {
    return bytes;
  }

  void grow(long toBytes) {
    bytes = Math.max(bytes, toBytes);
  }

  public Instant created() {
    return created;
  }

  public List<Writes> writes() {
    return writes;
  }

  /** Number of the last write; 0 when there is none. */
  public long lastWrite() {
    return writes.isEmpty() ? 0 : writes.get(writes.size() - 1).last();
  }

  /** What it takes up on its pool. */
  public long usedBytes() {
    return Math.min(bytes, (420L << 20) + lastWrite() * 4096);
  }

  /** Says that the run wrote up to number {@code last}. */
  public void wrote(long run, String node, long last) {
    if (last <= lastWrite()) {
      return;
    }
    List<Writes> changed = new ArrayList<>(writes);
    Writes newest = writes.isEmpty() ? null : writes.get(writes.size() - 1);
    if (newest != null && newest.run() == run) {
      changed.set(changed.size() - 1, new Writes(run, node, newest.first(), last));
    } else {
      changed.add(new Writes(run, node, lastWrite() + 1, last));
    }
    writes = List.copyOf(changed);
  }

  public Map<String, List<Writes>> snapshots() {
    return snapshots;
  }

  public void snapshot(String snapshot) {
    snapshots.put(snapshot, writes);
  }

  /** Makes this volume what {@code sent} was, as {@code zfs receive} does. */
  public void receive(String snapshot, List<Writes> sent, long size) {
    writes = List.copyOf(sent);
    bytes = size;
    snapshots.put(snapshot, writes);
  }

  /** A volume of that name with the same data and no snapshots. */
  public VolumeData copy(String newName, int newVmid, Instant now) {
    return new VolumeData(newName, newVmid, content, format, bytes, now, writes);
  }
}
