package io.pveha.simulator.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reading and writing the entries of {@link Section#GUESTS}. */
public final class GuestConfig {

  /** Properties that say where and what a guest is rather than how it is configured. */
  static final List<String> NOT_OPTIONS = List.of("node", "kind", "resource-pool");

  private static final Pattern DISK_KEY =
      Pattern.compile("rootfs|mp\\d+|(scsi|virtio|sata|ide|efidisk|tpmstate|unused)\\d+");
  private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)([KMGT]?)");

  /**
   * A disk of a guest.
   *
   * @param key {@code rootfs}, {@code scsi0} ...
   * @param storage id
   * @param volume name on the storage
   * @param replicate whether replication takes it along
   */
  public record DiskOf(String key, String storage, String volume, boolean replicate) {
    public String volid() {
      return storage + ":" + volume;
    }
  }

  private GuestConfig() {}

  public static Optional<GuestKind> kind(ClusterConfig config, int vmid) {
    return config.property(Section.GUESTS, Integer.toString(vmid), "kind").map(GuestKind::valueOf);
  }

  public static Optional<String> node(ClusterConfig config, int vmid) {
    return config.property(Section.GUESTS, Integer.toString(vmid), "node");
  }

  public static Optional<SortedMap<String, String>> entry(ClusterConfig config, int vmid) {
    return config.entry(Section.GUESTS, Integer.toString(vmid));
  }

  public static ClusterConfig put(ClusterConfig config, int vmid, String key, String value) {
    return config.with(Section.GUESTS, Integer.toString(vmid), key, value);
  }

  public static ClusterConfig moved(ClusterConfig config, int vmid, String node) {
    return entry(config, vmid).isEmpty() ? config : put(config, vmid, "node", node);
  }

  public static SortedMap<String, String> options(SortedMap<String, String> entry) {
    SortedMap<String, String> options = new TreeMap<>(entry);
    NOT_OPTIONS.forEach(options::remove);
    return options;
  }

  public static List<DiskOf> disks(Map<String, String> options) {
    List<DiskOf> disks = new ArrayList<>();
    new TreeMap<>(options)
        .forEach(
            (key, value) -> {
              String volid = value.split(",")[0].replaceFirst("^(volume|file)=", "");
              int colon = volid.indexOf(':');
              if (DISK_KEY.matcher(key).matches() && colon > 0 && !value.contains("media=cdrom")) {
                boolean replicate = !value.contains("replicate=0") && !key.startsWith("unused");
                disks.add(
                    new DiskOf(
                        key, volid.substring(0, colon), volid.substring(colon + 1), replicate));
              }
            });
    return disks;
  }

  /** Mount points and drives that are no volume of a storage, and take part in replication. */
  public static SortedMap<String, String> localPaths(Map<String, String> options) {
    SortedMap<String, String> paths = new TreeMap<>();
    options.forEach(
        (key, value) -> {
          String path = value.split(",")[0].replaceFirst("^(volume|file)=", "");
          if (DISK_KEY.matcher(key).matches()
              && path.startsWith("/")
              && !value.contains("media=cdrom")
              && !value.contains("replicate=0")) {
            paths.put(key, path);
          }
        });
    return paths;
  }

  public static boolean isDiskKey(String key) {
    return DISK_KEY.matcher(key).matches();
  }

  /** Bytes of {@code 8G}; 0 when it is no size. */
  static long bytes(String size) {
    Matcher matcher = SIZE.matcher(size);
    if (!matcher.matches()) {
      return 0;
    }
    int power = " KMGT".indexOf(matcher.group(2).isEmpty() ? " " : matcher.group(2));
    return (long) (Double.parseDouble(matcher.group(1)) * Math.pow(1024, power));
  }

  public static String name(GuestKind kind, int vmid, Map<String, String> options) {
    return kind == GuestKind.CT
        ? options.getOrDefault("hostname", "CT" + vmid)
        : options.getOrDefault("name", "VM " + vmid);
  }

  public static String sid(GuestKind kind, int vmid) {
    return kind.ha() + ":" + vmid;
  }

  public static int vmid(String sid) {
    return Integer.parseInt(sid.substring(sid.indexOf(':') + 1));
  }

  /** Whether the HA manager is in charge of it. */
  public static boolean isHaManaged(ClusterConfig config, GuestKind kind, int vmid) {
    return config
        .entry(Section.HA_RESOURCES, sid(kind, vmid))
        .filter(entry -> !"ignored".equals(entry.get("state")))
        .isPresent();
  }
}
