package io.pveha.proxmox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proxmox writes structures as {@code key=value} lists, and loses what one leaves out. */
class PropertyStringTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ha=static,ha-rebalance-on-start=1",
        "virtio=AA:BB:CC:DD:EE:FF,bridge=vmbr0,firewall=1",
        "tank:subvol-100-disk-0,size=8G",
        "name=eth0,bridge=vmbr0,ip=10.0.0.5/24,gw=10.0.0.1"
      })
  void writesWhatItRead(String text) {
    assertThat(PropertyString.parse(text)).hasToString(text);
  }

  @Test
  void changesOnePartAndKeepsTheOthersInTheirPlaces() {
    PropertyString read = PropertyString.parse("type=secure,network=10.0.0.0/24");
    assertThat(read.with("type", "insecure")).hasToString("type=insecure,network=10.0.0.0/24");
    assertThat(read.with("type", null)).hasToString("network=10.0.0.0/24");
    assertThat(read.with("new", "1")).hasToString("type=secure,network=10.0.0.0/24,new=1");
  }

  @Test
  void keepsThePartWithoutAKey() {
    PropertyString disk = PropertyString.parse("tank:subvol-100-disk-0,size=8G");
    assertThat(disk.parts()).containsEntry("", "tank:subvol-100-disk-0");
    assertThat(disk.with("size", "16G")).hasToString("tank:subvol-100-disk-0,size=16G");
  }

  @Test
  void takesNothingForAnEmptyOne() {
    assertThat(PropertyString.parse(null)).hasToString("");
  }
}
