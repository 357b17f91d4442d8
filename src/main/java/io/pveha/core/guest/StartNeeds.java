package io.pveha.core.guest;

import io.pveha.core.cluster.GuestKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads from a guest's configuration what its start needs of a node. */
public final class StartNeeds {

  private static final Pattern DRIVE =
      Pattern.compile("(scsi|virtio|sata|ide|efidisk|tpmstate)\\d+");
  private static final Pattern MOUNT = Pattern.compile("rootfs|mp\\d+");
  private static final Pattern CLOUD_INIT = Pattern.compile(".*[:/]vm-\\d+-cloudinit(\\..*)?");
  private static final Pattern RAW_MOUNT =
      Pattern.compile("lxc\\.mount\\.entry\\s*[=:]\\s*(/\\S+)\\s+\\S+\\s+\\S+\\s*(\\S*).*");
  private static final Set<String> NO = Set.of("0", "no", "off", "false");
  private static final Set<String> YES = Set.of("1", "yes", "on", "true");

  /** Proxmox VE itself needs the first two, and a VM the last: every node has them. */
  private static final Set<String> ON_EVERY_NODE = Set.of("/dev/fuse", "/dev/kvm", "/dev/net/tun");

  private final List<StartNeed> needs = new ArrayList<>();

  private StartNeeds() {}

  /**
   * What it needs, by the options' names.
   *
   * @param config every value as text; raw LXC options a line each under {@code lxc}
   */
  public static List<StartNeed> of(GuestKind kind, Map<String, String> config) {
    StartNeeds needs = new StartNeeds();
    new TreeMap<>(config)
        .forEach(
            (key, value) -> {
              if (kind == GuestKind.VM) {
                needs.machine(key, value);
              } else {
                needs.container(key, value);
              }
            });
    return List.copyOf(needs.needs);
  }

  private void machine(String key, String value) {
    if (DRIVE.matcher(key).matches()) {
      drive(key, value);
    } else if (key.matches("hostpci\\d+")) {
      device(key, value, "host", StartNeed.Kind.PCI_MAPPING);
    } else if (key.matches("usb\\d+")) {
      device(key, value, "host", StartNeed.Kind.USB_MAPPING);
    } else if (key.matches("(serial|parallel)\\d+") && value.startsWith("/dev/")) {
      add(StartNeed.Kind.DEVICE, key, value);
    } else if (key.matches("virtiofs\\d+")) {
      first(value, "dirid").ifPresent(id -> add(StartNeed.Kind.DIRECTORY_MAPPING, key, id));
    } else if (key.equals("hookscript")) {
      snippet(key, value);
    } else if (key.equals("cicustom")) {
      options(value, "").values().forEach(volume -> snippet(key, volume));
    }
  }

  private void container(String key, String value) {
    if (MOUNT.matcher(key).matches()) {
      mount(key, value);
    } else if (key.matches("dev\\d+")) {
      first(value, "path")
          .filter(path -> !ON_EVERY_NODE.contains(path))
          .ifPresent(path -> add(StartNeed.Kind.DEVICE, key, path));
    } else if (key.equals("hookscript")) {
      snippet(key, value);
    } else if (key.equals("lxc")) {
      value.lines().forEach(this::rawMount);
    }
  }

  private void drive(String key, String value) {
    Map<String, String> options = options(value, "file");
    String file = options.getOrDefault("file", "");
    boolean cd = "cdrom".equals(options.get("media"));
    if (file.startsWith("/")) {
      path(key, file, options, cd);
    } else if (file.indexOf(':') > 0) {
      StartNeed.Kind kind = cd ? StartNeed.Kind.IMAGE : StartNeed.Kind.DISK;
      boolean fresh = CLOUD_INIT.matcher(file).matches();
      add(fresh ? StartNeed.Kind.CLOUD_INIT : kind, key, file, options, cd);
    }
  }

  private void mount(String key, String value) {
    Map<String, String> options = options(value, "volume");
    String volume = options.getOrDefault("volume", "");
    if (volume.startsWith("/")) {
      path(key, volume, options, false);
    } else if (volume.indexOf(':') > 0) {
      add(StartNeed.Kind.DISK, key, volume, options, false);
    }
  }

  private void path(String key, String path, Map<String, String> options, boolean cd) {
    StartNeed.Kind kind = path.startsWith("/dev/") ? StartNeed.Kind.DEVICE : StartNeed.Kind.PATH;
    add(kind, key, path, options, cd);
  }

  private void device(String key, String value, String first, StartNeed.Kind mapped) {
    Map<String, String> options = options(value, first);
    if (options.containsKey("mapping")) {
      add(mapped, key, options.get("mapping"));
    } else if (!options.getOrDefault(first, "spice").equals("spice")) {
      add(StartNeed.Kind.DEVICE, key, options.get(first));
    }
  }

  private void snippet(String key, String volume) {
    if (volume.indexOf(':') > 0) {
      add(StartNeed.Kind.SNIPPET, key, volume);
    }
  }

  private void rawMount(String line) {
    Matcher mount = RAW_MOUNT.matcher(line.strip());
    if (!mount.matches() || List.of(mount.group(2).split(",")).contains("optional")) {
      return;
    }
    String source = mount.group(1);
    boolean everywhere =
        ON_EVERY_NODE.contains(source)
            || source.equals("/dev/net")
            || source.matches("/(proc|sys)(/.*)?");
    if (!everywhere) {
      boolean device = source.startsWith("/dev/");
      add(
          device ? StartNeed.Kind.DEVICE : StartNeed.Kind.PATH,
          "lxc.mount.entry",
          source,
          Map.of(),
          true);
    }
  }

  private void add(
      StartNeed.Kind kind, String key, String subject, Map<String, String> options, boolean out) {
    boolean exempt = out || NO.contains(options.getOrDefault("replicate", "1"));
    boolean shared = YES.contains(options.getOrDefault("shared", "0"));
    needs.add(new StartNeed(kind, key, subject, exempt, shared));
  }

  private void add(StartNeed.Kind kind, String key, String subject) {
    needs.add(new StartNeed(kind, key, subject, true, false));
  }

  private static Optional<String> first(String value, String name) {
    return Optional.ofNullable(options(value, name).get(name)).filter(text -> !text.isBlank());
  }

  /** Proxmox's {@code key=value,key=value}, where the first part may go without its key. */
  private static Map<String, String> options(String value, String first) {
    Map<String, String> options = new LinkedHashMap<>();
    for (String part : value.split(",")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        options.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      } else if (!part.isBlank()) {
        options.putIfAbsent(first, part.strip());
      }
    }
    return options;
  }
}
