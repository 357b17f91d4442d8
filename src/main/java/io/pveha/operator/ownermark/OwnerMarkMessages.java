package io.pveha.operator.ownermark;

import io.pveha.api.v1alpha1.ApiNames;
import io.pveha.api.v1alpha1.ProxmoxCluster;
import io.pveha.core.cluster.NodeName;
import io.pveha.core.safety.OwnerMark;
import io.pveha.proxmox.ProxmoxFailure;

/** Sentences about the mark of a cluster's owner. */
public final class OwnerMarkMessages {

  /** What adds the privilege without which the notes can't be written. */
  private static final String GRANT =
      "pveum role modify HaOperatorCluster --privs \"Sys.Audit Sys.Modify\" --append";

  private OwnerMarkMessages() {}

  static String taken(ProxmoxCluster cluster, OwnerMark owner) {
    return "The datacenter notes name the owner of this Proxmox cluster: ProxmoxCluster %s since %s%s. Delete one of the two where it is; or if that one is gone, or is to give way: %s"
        .formatted(
            owner.owner(),
            owner.since(),
            owner.owner().equals(name(cluster))
                ? ", an object of the same name with another UID (of before a restore, or in"
                    + " another Kubernetes cluster)"
                : ", of another operator",
            takeOver(cluster, owner));
  }

  public static String takenNode(ProxmoxCluster cluster, NodeName node, OwnerMark owner) {
    return "%s is marked as owned by ProxmoxCluster %s; if that one is gone: %s"
        .formatted(node, owner.owner(), takeOver(cluster, owner));
  }

  /** The command that takes a cluster over. */
  static String takeOver(ProxmoxCluster cluster, OwnerMark owner) {
    return "kubectl annotate proxmoxcluster %s -n %s --overwrite %s=%s"
        .formatted(
            cluster.getMetadata().getName(),
            cluster.getMetadata().getNamespace(),
            ApiNames.TAKE_OVER,
            owner.id());
  }

  static String damaged(String line) {
    return ("The datacenter notes hold the mark of an owner that can't be parsed: \"%s\". "
            + "Correct or remove that line (Datacenter, Notes); until then nothing is written.")
        .formatted(line);
  }

  static String settling(ProxmoxCluster cluster) {
    return "ProxmoxCluster %s is marked as the owner in the datacenter notes; the mark has to stay for a time before anything else is written."
        .formatted(cluster.getMetadata().getName());
  }

  static String unseen(ProxmoxCluster cluster) {
    return "Nothing is written before the owner's mark in the datacenter notes is seen alike by two members of ProxmoxCluster %s; the token needs Sys.Audit on /."
        .formatted(cluster.getMetadata().getName());
  }

  static String refused(ProxmoxFailure failure) {
    return "The owner can't be marked in the datacenter notes, and nothing else is written before: %s. Proxmox asks for Sys.Modify on /: %s"
        .formatted(said(failure), GRANT);
  }

  static String failed(ProxmoxFailure failure) {
    return ("The owner could not be marked in the datacenter notes, and nothing else is "
            + "written before: %s. The operator retries.")
        .formatted(said(failure));
  }

  static String removing(ProxmoxFailure failure, String wayOut) {
    return ("The owner's mark could not be removed from the datacenter notes: %s. The "
            + "operator retries. To leave it there: %s")
        .formatted(said(failure), wayOut);
  }

  static String left(OwnerMark mark, String why) {
    return "The owner's mark was left in the datacenter notes: %s. Remove the line \"%s\" there, or have the next owner take over from %s."
        .formatted(why, mark.line(), mark.id());
  }

  static String name(ProxmoxCluster cluster) {
    return cluster.getMetadata().getNamespace() + "/" + cluster.getMetadata().getName();
  }

  private static String said(ProxmoxFailure failure) {
    return failure.getMessage().replaceAll("\\.$", "");
  }
}
