package io.pveha.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A guest that Proxmox keeps available, where it may run, and what became of it. */
@JsonClassDescription(
    "A guest that Proxmox keeps available, where it may run, and what became of it.")
@Group(ApiNames.NAME)
@Version(ApiNames.VERSION)
@ShortNames("har")
@Categories(ApiNames.CATEGORY)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = Type.STRING)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    type = Type.STRING)
@AdditionalPrinterColumn(name = "Guest", jsonPath = ".status.sid", type = Type.STRING)
@AdditionalPrinterColumn(name = "Wanted", jsonPath = ".spec.state", type = Type.STRING)
@AdditionalPrinterColumn(name = "State", jsonPath = ".status.state", type = Type.STRING)
@AdditionalPrinterColumn(name = "Node", jsonPath = ".status.node", type = Type.STRING)
@AdditionalPrinterColumn(
    name = "Failovers",
    jsonPath = ".status.failoverCount",
    type = Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Last-Outage",
    jsonPath = ".status.failovers[0].outageSeconds",
    type = Type.INTEGER,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    type = Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
@ValidationRule(
    value =
        "!has(self.spec.placement) || ((!has(self.spec.placement.together)"
            + " || !self.spec.placement.together.exists(t, t == self.metadata.name))"
            + " && (!has(self.spec.placement.apart)"
            + " || !self.spec.placement.apart.exists(a, a == self.metadata.name)))",
    message =
        "together and apart name other HaResources, not this one; remove its own name from "
            + "the list")
public class HaResource extends CustomResource<HaResourceSpec, HaResourceStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1L;

  /** The status, empty before the first report. */
  public HaResourceStatus reported() {
    return Copies.orElse(getStatus(), HaResourceStatus.EMPTY);
  }
}
