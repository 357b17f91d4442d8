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

/** A ZFS pool of one name on several nodes, and the one storage entry that they share. */
@JsonClassDescription(
    "A ZFS pool of one name on several nodes, and the one storage entry that they share.")
@Group(ApiNames.NAME)
@Version(ApiNames.VERSION)
@ShortNames("zpool")
@Categories(ApiNames.CATEGORY)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = Type.STRING)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    type = Type.STRING)
@AdditionalPrinterColumn(name = "Pool", jsonPath = ".spec.poolName", type = Type.STRING)
@AdditionalPrinterColumn(name = "RAID", jsonPath = ".spec.raidLevel", type = Type.STRING)
@AdditionalPrinterColumn(name = "Healthy", jsonPath = ".status.nodesHealthy", type = Type.STRING)
@AdditionalPrinterColumn(name = "Storage", jsonPath = ".status.storage.id", type = Type.STRING)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    type = Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public class ZfsPool extends CustomResource<ZfsPoolSpec, ZfsPoolStatus> implements Namespaced {

  private static final long serialVersionUID = 1L;

  /** The status, empty before the first report. */
  public ZfsPoolStatus reported() {
    return Copies.orElse(getStatus(), ZfsPoolStatus.EMPTY);
  }
}
