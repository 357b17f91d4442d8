package io.pveha.simulator.api.declare;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The named formats of texts. A name that ends in {@code -list} and is not here itself is a list of
 * the format before it, separated by commas, semicolons, spaces or NUL.
 */
final class TextFormat {

  private static final String NAME = "[a-zA-Z0-9](?:[a-zA-Z0-9\\-]*[a-zA-Z0-9])?";
  private static final String DNS = NAME + "(?:\\." + NAME + ")*";
  private static final String IPV4 =
      "(?:(?:25[0-5]|(?:2[0-4]|1\\d|[1-9])?\\d)\\.){3}(?:25[0-5]|(?:2[0-4]|1\\d|[1-9])?\\d)";
  private static final String IPV6 = "(?=.*:)[0-9a-fA-F:]{2,39}(?:" + IPV4 + ")?";
  private static final String ADDRESS = "(?:" + IPV4 + "|" + IPV6 + "|" + DNS + ")";
  private static final String STORAGE = "(?i)[a-z][a-z0-9\\-_.]*[a-z0-9]";

  private record Form(Pattern pattern, String error) {}

  private static final Map<String, Form> FORMS = forms();

  private TextFormat() {}

  /** What is wrong with the value; empty when it is right, or when nobody knows the format. */
  static Optional<String> error(String format, String value) {
    Form form = FORMS.get(format);
    if (form != null) {
      return form.pattern().matcher(value).matches()
          ? Optional.empty()
          : Optional.of("invalid format - " + form.error().formatted(value) + "\n");
    }
    if (format.endsWith("-list")) {
      String each = format.substring(0, format.length() - 5);
      for (String part : value.split("[,;\\s\\00]+")) {
        Optional<String> error = part.isEmpty() ? Optional.empty() : error(each, part);
        if (error.isPresent()) {
          return error;
        }
      }
    }
    return Optional.empty();
  }

  private static Map<String, Form> forms() {
    Map<String, Form> forms = new TreeMap<>();
    add(forms, "pve-node", NAME, "value does not look like a valid node name");
    add(forms, "pve-vmid", "[1-9][0-9]{2,8}", "value does not look like a valid VM ID");
    add(forms, "pve-storage-id", STORAGE, "storage ID '%s' contains illegal characters");
    add(forms, "pve-configid", "(?i)[a-z][a-z0-9_-]+", "invalid configuration ID '%s'");
    add(
        forms,
        "pve-poolid",
        "[A-Za-z0-9.\\-_]+(?:/[A-Za-z0-9.\\-_]+){0,2}",
        "value does not look like a valid pool name");
    add(
        forms,
        "pve-userid",
        "[^\\s:/]+@[A-Za-z][A-Za-z0-9.\\-_]+",
        "value '%s' does not look like a valid user name");
    add(
        forms,
        "pve-tokenid",
        "[^\\s:/]+@[A-Za-z][A-Za-z0-9.\\-_]+![A-Za-z][A-Za-z0-9.\\-_]+",
        "value '%s' does not look like a valid token ID");
    add(forms, "pve-realm", "[A-Za-z][A-Za-z0-9.\\-_]+", "value does not look like a valid realm");
    add(
        forms,
        "pve-roleid",
        "[A-Za-z0-9.\\-_]+",
        "value '%s' does not look like a valid role name");
    add(
        forms,
        "pve-groupid",
        "[A-Za-z0-9.\\-_]+",
        "value '%s' does not look like a valid group name");
    add(
        forms,
        "pve-replication-job-id",
        "[1-9][0-9]{2,8}-\\d{1,9}",
        "invalid replication job id '%s'");
    add(
        forms,
        "pve-ha-resource-id",
        "(?:vm|ct):[1-9][0-9]{2,8}",
        "value does not look like a valid ha resource id");
    add(
        forms,
        "pve-ha-resource-or-vm-id",
        "(?:(?:vm|ct):)?[1-9][0-9]{2,8}",
        "value does not look like a valid ha resource id");
    add(forms, "pve-ha-node", NAME + "(?::\\d+)?", "value does not look like a valid ha node");
    add(
        forms,
        "pve-ha-group-node",
        NAME + "(?::\\d+)?",
        "value does not look like a valid ha group node");
    add(
        forms,
        "pve-volume-id",
        "(?i)[a-z][a-z0-9\\-_.]*[a-z0-9]:.+",
        "unable to parse volume ID '%s'");
    add(forms, "pve-storage-path", "/[\\w\\-/.:@ ]*", "value does not look like a valid path");
    add(
        forms,
        "pve-storage-content",
        "images|rootdir|vztmpl|iso|backup|snippets|import|none",
        "invalid content type '%s'");
    add(forms, "pve-storage-format", "raw|qcow2|vmdk|subvol", "invalid format '%s'");
    add(forms, "pve-bridge-id", "(?i)[-_.\\w\\d]+", "invalid bridge ID");
    add(forms, "dns-name", DNS, "value does not look like a valid DNS name");
    add(forms, "address", ADDRESS, "value does not look like a valid address: %s");
    add(forms, "ip", IPV4 + "|" + IPV6, "value does not look like a valid IP address");
    add(forms, "ipv4", IPV4, "value does not look like a valid IPv4 address");
    add(forms, "ipv6", IPV6, "value does not look like a valid IPv6 address");
    add(
        forms,
        "CIDR",
        "(?:" + IPV4 + "/(?:[89]|[12]\\d|3[0-2])|" + IPV6 + "/\\d{1,3})",
        "value does not look like a valid CIDR network");
    add(
        forms,
        "pve-ipv4-config",
        "dhcp|manual|" + IPV4 + "/(?:[89]|[12]\\d|3[0-2])",
        "value does not look like a valid ipv4 network configuration");
    add(
        forms,
        "mac-addr",
        "(?i)[a-f0-9][02468ace](?::[a-f0-9]{2}){5}",
        "value does not look like a valid unicast MAC address");
    add(
        forms,
        "disk-size",
        "\\d+(?:\\.\\d+)?[KMGT]?",
        "value does not look like a valid disk size: %s");
    add(forms, "pve-tag", "(?i)[a-z0-9_][a-z0-9_\\-+.]*", "invalid characters in tag");
    add(forms, "pve-calendar-event", "[\\w,.*/: \\-~]+", "unable to parse calendar event");
    add(forms, "pve-priv", "[A-Za-z.]+", "invalid privilege '%s'");
    add(forms, "email-opt", "|[^\\s@]+@[^\\s@]+", "value does not look like a valid email address");
    add(forms, "storage-pair", "(?:1|[\\w.\\-]+(?::[\\w.\\-]+)?)", "invalid storage map '%s'");
    return forms;
  }

  private static void add(Map<String, Form> forms, String name, String pattern, String error) {
    forms.put(name, new Form(Pattern.compile(pattern), error));
  }
}
