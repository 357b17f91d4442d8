package io.pveha.simulator.storage;

/** Writes {@code first..last} that one run of the guest made. */
public record Writes(long run, String node, long first, long last) {}
