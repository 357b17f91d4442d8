package io.pveha.simulator.machine;

/** The releases that can be simulated. */
public enum PveVersion {
  /** Groups, {@code Datastore.Allocate} for replication, {@code VM.Monitor}. */
  V8_3("8.3", "8.3.5", "8.3.0-1", "6.8.12-8-pve"),
  /** Rules, {@code VM.Replicate}, failback on the resource. */
  V9_1("9.1", "9.1.9", "9.1.0-1", "6.17.4-1-pve"),
  /** Node affinity that is negative. */
  V9_2("9.2", "9.2.11", "9.2.0-1", "6.17.13-1-pve");

  private final String release;
  private final String manager;
  private final String product;
  private final String kernel;

  PveVersion(String release, String manager, String product, String kernel) {
    this.release = release;
    this.manager = manager;
    this.product = product;
    this.kernel = kernel;
  }

  /** What the command line calls it: {@code 8.3}, {@code 9.1} or {@code 9.2}. */
  public static PveVersion of(String release) {
    for (PveVersion version : values()) {
      if (version.release.equals(release)) {
        return version;
      }
    }
    throw new IllegalArgumentException(
        "no simulated release " + release + ", take 8.3, 9.1 or 9.2");
  }

  /** As in {@code GET /version}: {@code 9.1}. */
  public String release() {
    return release;
  }

  /** Version of pve-manager. */
  public String manager() {
    return manager;
  }

  /** Version of the product's meta package. */
  public String product() {
    return product;
  }

  /** Kernel release. */
  public String kernel() {
    return kernel;
  }

  /** HA placement by rules rather than groups. */
  public boolean hasRules() {
    return isNine();
  }

  /** Node affinity says of itself whether it is positive or negative. */
  public boolean hasNegativeNodeAffinity() {
    return this == V9_2;
  }

  /** At least 9. */
  public boolean isNine() {
    return this != V8_3;
  }
}
