package io.pveha.core.placement;

/** CPU and memory used per node, by node index, beside what the nodes have. */
final class NodeLoads {

  private final double[] cpuCapacity;
  private final double[] memoryCapacity;
  final double[] cpu;
  final double[] memory;

  NodeLoads(double[] cpuCapacity, double[] memoryCapacity) {
    this(
        cpuCapacity,
        memoryCapacity,
        new double[cpuCapacity.length],
        new double[cpuCapacity.length]);
  }

  private NodeLoads(
      double[] cpuCapacity, double[] memoryCapacity, double[] cpu, double[] memory) {
    this.cpuCapacity = cpuCapacity;
    this.memoryCapacity = memoryCapacity;
    this.cpu = cpu;
    this.memory = memory;
  }

  NodeLoads copy() {
    return new NodeLoads(cpuCapacity, memoryCapacity, cpu.clone(), memory.clone());
  }

  /** Adds a service that is about to start; one without a CPU limit may use the whole node. */
  void start(int node, LoadFigures.Load load) {
    cpu[node] += load.cpu() == 0 ? cpuCapacity[node] : load.cpu();
    memory[node] += load.memory();
  }

  void add(int node, LoadFigures.Load load) {
    cpu[node] += load.cpu();
    memory[node] += load.memory();
  }

  void move(int from, int to, LoadFigures.Load load) {
    cpu[from] = Math.max(0, cpu[from] - load.cpu());
    memory[from] = Math.max(0, memory[from] - load.memory());
    add(to, load);
  }

  /** Average and peak of CPU and memory over the nodes: what {@link Topsis} compares. */
  double[] criteria() {
    double cpuSquares = 0;
    double cpuPeak = 0;
    double memorySquares = 0;
    double memoryPeak = 0;
    for (int j = 0; j < cpu.length; j++) {
      double x = cpu[j] / cpuCapacity[j];
      double y = memory[j] / memoryCapacity[j];
      cpuSquares += x * x;
      memorySquares += y * y;
      cpuPeak = Math.max(cpuPeak, x);
      memoryPeak = Math.max(memoryPeak, y);
    }
    int n = cpu.length;
    return new double[] {
      1 + Math.sqrt(cpuSquares / n),
      1 + cpuPeak,
      1 + Math.sqrt(memorySquares / n),
      1 + memoryPeak
    };
  }

  /**
   * How uneven the load is: its standard deviation over its mean, 0 when nothing runs. At most
   * {@code sqrt(nodes - 1)}.
   *
   * @param spread divide by that maximum, as newer Proxmox releases do
   */
  double imbalance(boolean spread) {
    int n = cpu.length;
    if (n < 2) {
      return 0;
    }
    double[] load = new double[n];
    double sum = 0;
    for (int j = 0; j < n; j++) {
      load[j] = (cpu[j] / cpuCapacity[j] + memory[j] / memoryCapacity[j]) / 2;
      sum += load[j];
    }
    if (sum == 0) {
      return 0;
    }
    double mean = sum / n;
    double squares = 0;
    for (double l : load) {
      squares += (l - mean) * (l - mean);
    }
    double imbalance = Math.sqrt(squares / n) / mean;
    return spread ? imbalance / Math.sqrt(n - 1.0) : imbalance;
  }
}
