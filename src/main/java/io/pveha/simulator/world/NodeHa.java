package io.pveha.simulator.world;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** HA resources, groups or rules, commands and status, from one node. */
public final class NodeHa {

  /** The answer of migrate and relocate in 9.x. */
  public record Move(String sid, String node, List<String> comigrated, List<String> blocking) {}

  /** A property map with its id, in the order of the file. */
  public Map<String, SortedMap<String, String>> resources() {
    throw new UnsupportedOperationException("not there yet");
  }

  public void createResource(String sid, Map<String, String> properties) {
    throw new UnsupportedOperationException("not there yet");
  }

  public void updateResource(
      String sid, Map<String, String> set, Set<String> delete, Optional<String> digest) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** With {@code purge} also out of the rules. */
  public void deleteResource(String sid, boolean purge) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Queues {@code verb} (migrate or relocate) for the manager's next round. */
  public Move move(String verb, String sid, String node) {
    throw new UnsupportedOperationException("not there yet");
  }

  public Map<String, SortedMap<String, String>> groups() {
    throw new UnsupportedOperationException("not there yet");
  }

  public void createGroup(String id, Map<String, String> properties) {
    throw new UnsupportedOperationException("not there yet");
  }

  public void updateGroup(
      String id, Map<String, String> set, Set<String> delete, Optional<String> digest) {
    throw new UnsupportedOperationException("not there yet");
  }

  public void deleteGroup(String id) {
    throw new UnsupportedOperationException("not there yet");
  }

  public Map<String, SortedMap<String, String>> rules() {
    throw new UnsupportedOperationException("not there yet");
  }

  public void createRule(String id, Map<String, String> properties) {
    throw new UnsupportedOperationException("not there yet");
  }

  public void updateRule(
      String id, Map<String, String> set, Set<String> delete, Optional<String> digest) {
    throw new UnsupportedOperationException("not there yet");
  }

  public void deleteRule(String id) {
    throw new UnsupportedOperationException("not there yet");
  }

  /** Rows of {@code GET /cluster/ha/status/current}: strings, numbers as Long, flags as Boolean. */
  public List<SortedMap<String, Object>> current() {
    throw new UnsupportedOperationException("not there yet");
  }

  /** {@code GET /cluster/ha/status/manager_status}: nested maps, lists, strings, numbers. */
  public SortedMap<String, Object> managerStatus() {
    throw new UnsupportedOperationException("not there yet");
  }
}
