package io.pveha.simulator.storage;

import java.util.List;

/** Backups that were made at a node. */
public interface BackupFiles {

  /** Those on a storage, as its content lists them. */
  List<VolumeData> on(String storage);
}
