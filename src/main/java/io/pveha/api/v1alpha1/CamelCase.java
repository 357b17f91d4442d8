package io.pveha.api.v1alpha1;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Names of constants as Kubernetes writes them. */
final class CamelCase {

  private CamelCase() {}

  /** {@code LOSS_SEEN} as {@code LossSeen}. */
  static String of(Enum<?> constant) {
    return Arrays.stream(constant.name().split("_"))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }
}
