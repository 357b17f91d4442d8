package io.pveha.operator.host;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An order that an owner gives by an annotation, and that is carried out once: it is saved in
 * status, and then the annotation is taken off. Only the value that was saved is taken off; one
 * that was written meanwhile is another order.
 *
 * @param name of the annotation
 */
public record OrderAnnotation(String name) {

  private static final Logger LOG = LoggerFactory.getLogger(OrderAnnotation.class);

  /** A {@code test} of a JSON patch that does not hold. */
  private static final int UNPROCESSABLE = 422;

  private static final int NOT_FOUND = 404;

  /** What the owner wrote. */
  public Optional<String> value(HasMetadata object) {
    return Optional.ofNullable(object.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(name));
  }

  /** Takes it off if it still says what this version of the object says; tells whether it did. */
  public boolean remove(HasMetadata object, KubernetesClient client) {
    String path = "/metadata/annotations/" + name.replace("~", "~0").replace("/", "~1");
    List<Map<String, String>> patch =
        List.of(
            Map.of("op", "test", "path", path, "value", value(object).orElseThrow()),
            Map.of("op", "remove", "path", path));
    try {
      client
          .resources(object.getClass())
          .inNamespace(object.getMetadata().getNamespace())
          .withName(object.getMetadata().getName())
          .patch(PatchContext.of(PatchType.JSON), Serialization.asJson(patch));
      return true;
    } catch (KubernetesClientException refused) {
      if (refused.getCode() != UNPROCESSABLE && refused.getCode() != NOT_FOUND) {
        throw refused;
      }
      LOG.debug("{} of {} was changed meanwhile", name, object.getMetadata().getName());
      return false;
    }
  }
}
