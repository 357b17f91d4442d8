package io.pveha.proxmox;

import static org.assertj.core.api.Assertions.assertThat;

import io.pveha.proxmox.StorageCalls.Pool;
import io.pveha.proxmox.StorageCalls.StorageStatus;
import org.junit.jupiter.api.Test;

/** Guests write all the time, and nobody is woken for that. */
class FillingTest {

  private static final long GIB = 1L << 30;

  @Test
  void aPoolIsTheSameAfterAFewWrites() {
    assertThat(pool(40 * GIB + 5).inSteps()).isEqualTo(pool(40 * GIB + (1 << 20)).inSteps());
    assertThat(pool(40 * GIB).inSteps()).isNotEqualTo(pool(41 * GIB).inSteps());
  }

  @Test
  void itsFillingIsRightToAThousandth() {
    Pool told = pool(40 * GIB + 123_456_789).inSteps();

    assertThat(told.size()).isEqualTo(200 * GIB);
    assertThat(told.alloc()).isBetween(40 * GIB + 123_456_789 - GIB / 5, 40 * GIB + 123_456_789);
  }

  @Test
  void aPoolWithoutASizeIsNoTrouble() {
    assertThat(new Pool("tank", 0, 0, 0, 0, 1, "FAULTED").inSteps().alloc()).isZero();
  }

  @Test
  void aStorageIsTheSameWhateverLiesThereUnlessItIsGone() {
    assertThat(storage(true, 7).withoutFilling()).isEqualTo(storage(true, 8).withoutFilling());
    assertThat(storage(true, 7).withoutFilling()).isNotEqualTo(storage(false, 7).withoutFilling());
  }

  private static Pool pool(long alloc) {
    return new Pool("tank", 200 * GIB, alloc, 200 * GIB - alloc, 3, 1, "ONLINE");
  }

  private static StorageStatus storage(boolean active, long used) {
    return new StorageStatus("tank", "zfspool", "images", active, true, false, 100, used, 100);
  }
}
