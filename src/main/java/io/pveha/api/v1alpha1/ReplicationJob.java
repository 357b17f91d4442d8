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

/** Disks of guests copied to other nodes on a schedule, wherever the guests are. */
@JsonClassDescription(
    "Disks of guests copied to other nodes on a schedule, wherever the guests are.")
@Group(ApiNames.NAME)
@Version(ApiNames.VERSION)
@ShortNames("repl")
@Categories(ApiNames.CATEGORY)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = Type.STRING)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    type = Type.STRING)
@AdditionalPrinterColumn(name = "Guest", jsonPath = ".spec.guest.vmid", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Schedule", jsonPath = ".spec.schedule", type = Type.STRING)
@AdditionalPrinterColumn(name = "Home", jsonPath = ".status.home", type = Type.STRING)
@AdditionalPrinterColumn(name = "Jobs", jsonPath = ".status.jobsHealthy", type = Type.STRING)
@AdditionalPrinterColumn(name = "Last-Sync", jsonPath = ".status.oldestSync", type = Type.DATE)
@AdditionalPrinterColumn(
    name = "RPO-Met",
    jsonPath = ".status.conditions[?(@.type==\"RpoMet\")].status",
    type = Type.STRING)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    type = Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public class ReplicationJob extends CustomResource<ReplicationJobSpec, ReplicationJobStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1L;

  /** The status, empty before the first report. */
  public ReplicationJobStatus reported() {
    return Copies.orElse(getStatus(), ReplicationJobStatus.EMPTY);
  }
}
