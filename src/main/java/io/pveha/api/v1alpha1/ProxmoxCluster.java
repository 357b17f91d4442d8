package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A Proxmox VE cluster: its members, how they are reached, and what holds for all of them. */
@JsonClassDescription(
    "A Proxmox VE cluster: its members, how they are reached, and what holds for all of them.")
@Group(ApiNames.NAME)
@Version(ApiNames.VERSION)
@ShortNames("pxc")
@Categories(ApiNames.CATEGORY)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = Type.STRING)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    type = Type.STRING)
@AdditionalPrinterColumn(name = "Nodes", jsonPath = ".status.nodesOnline", type = Type.STRING)
@AdditionalPrinterColumn(name = "Quorate", jsonPath = ".status.quorum.quorate", type = Type.BOOLEAN)
@AdditionalPrinterColumn(
    name = "May-Fail",
    jsonPath = ".status.quorum.failuresTolerated",
    type = Type.INTEGER)
@AdditionalPrinterColumn(name = "HA-Master", jsonPath = ".status.haMaster", type = Type.STRING)
@AdditionalPrinterColumn(
    name = "Version",
    jsonPath = ".status.pveVersion",
    type = Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    type = Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public class ProxmoxCluster extends CustomResource<ProxmoxClusterSpec, ProxmoxClusterStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1L;

  /** The status, empty before the first report. */
  public ProxmoxClusterStatus reported() {
    return Copies.orElse(getStatus(), ProxmoxClusterStatus.EMPTY);
  }
}
