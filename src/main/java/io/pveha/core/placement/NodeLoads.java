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

  private NodeLoads(double[] cpuCapacity, double[] memoryCapacity, double[] cpu, double[] memory) {
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
    return criteria(shares(cpu, cpuCapacity), shares(memory, memoryCapacity));
  }

  /** The criteria for each node as the one that a service is started on. */
  double[][] criteriaWithStartOnEach(LoadFigures.Load load) {
    double[] x = shares(cpu, cpuCapacity);
    double[] y = shares(memory, memoryCapacity);
    double[][] criteria = new double[cpu.length][];
    for (int k = 0; k < cpu.length; k++) {
      double xk = x[k];
      double yk = y[k];
      x[k] = (cpu[k] + (load.cpu() == 0 ? cpuCapacity[k] : load.cpu())) / cpuCapacity[k];
      y[k] = (memory[k] + load.memory()) / memoryCapacity[k];
      criteria[k] = criteria(x, y);
      x[k] = xk;
      y[k] = yk;
    }
    return criteria;
  }

  private static double[] shares(double[] used, double[] capacity) {
    double[] shares = new double[used.length];
    for (int j = 0; j < used.length; j++) {
      shares[j] = used[j] / capacity[j];
    }
    return shares;
  }

  private static double[] criteria(double[] x, double[] y) {
    double cpuSquares = 0;
    double cpuPeak = 0;
    double memorySquares = 0;
    double memoryPeak = 0;
    for (int j = 0; j < x.length; j++) {
      cpuSquares += x[j] * x[j];
      memorySquares += y[j] * y[j];
      cpuPeak = Math.max(cpuPeak, x[j]);
      memoryPeak = Math.max(memoryPeak, y[j]);
    }
    return new double[] {
      1 + Math.sqrt(cpuSquares / x.length),
      1 + cpuPeak,
      1 + Math.sqrt(memorySquares / y.length),
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
