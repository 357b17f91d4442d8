package io.pveha.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NamespaceableResource;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.V1APIGroupDSL;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Objects of Kubernetes behind a client that knows only what reconcilers do: no request is made, so
 * that what is measured is the operator. Writes to older versions are refused.
 */
final class InMemoryKube {

  private final Map<Class<?>, Map<ResourceID, HasMetadata>> objects = new HashMap<>();
  private final KubernetesClient client = proxy(KubernetesClient.class, this::client);
  private int version;
  private int writes;
  private int events;

  KubernetesClient client() {
    return client;
  }

  /** How often anything was written. */
  int writes() {
    return writes;
  }

  /** How many Events there were. */
  int events() {
    return events;
  }

  /** Makes an object that its controller knows already. */
  void create(HasMetadata object, String namespace) {
    object.getMetadata().setNamespace(namespace);
    object.getMetadata().setUid("uid-" + ++version);
    object.getMetadata().setGeneration(1L);
    object.getMetadata().setCreationTimestamp(VirtualStage.START.plusSeconds(version).toString());
    object.getMetadata().setResourceVersion(Integer.toString(version));
    all(object.getClass()).put(ResourceID.fromResource(object), object);
  }

  <T extends HasMetadata> List<T> list(Class<T> type) {
    return all(type).values().stream().map(type::cast).toList();
  }

  private Map<ResourceID, HasMetadata> all(Class<?> type) {
    return objects.computeIfAbsent(type, unused -> new TreeMap<>(VirtualKube.BY_NAME));
  }

  private Object client(Object self, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "resource" -> writing((HasMetadata) arguments[0]);
      case "resources" -> reading(MixedOperation.class, (Class<?>) arguments[0], null, null);
      case "v1" -> proxy(V1APIGroupDSL.class, this::eventApi);
      default -> throw unknown(method);
    };
  }

  private Object eventApi(Object self, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "events" -> proxy(MixedOperation.class, this::eventApi);
      case "resource" -> proxy(Resource.class, this::eventApi);
      case "create" -> {
        events++;
        yield null;
      }
      default -> throw unknown(method);
    };
  }

  private Object writing(HasMetadata object) {
    return proxy(
        NamespaceableResource.class,
        (self, method, arguments) -> {
          if (!method.getName().equals("updateStatus")) {
            throw unknown(method);
          }
          return update(object);
        });
  }

  private HasMetadata update(HasMetadata object) {
    ResourceID id = ResourceID.fromResource(object);
    HasMetadata former = all(object.getClass()).get(id);
    if (!former
        .getMetadata()
        .getResourceVersion()
        .equals(object.getMetadata().getResourceVersion())) {
      throw new KubernetesClientException("the object has been modified", 409, null);
    }
    HasMetadata saved = Serialization.clone(object);
    saved.getMetadata().setResourceVersion(Integer.toString(++version));
    all(object.getClass()).put(id, saved);
    writes++;
    return Serialization.clone(saved);
  }

  private Object reading(Class<?> as, Class<?> type, String namespace, String name) {
    return proxy(
        as,
        (self, method, arguments) ->
            switch (method.getName()) {
              case "inNamespace" ->
                  reading(NonNamespaceOperation.class, type, (String) arguments[0], name);
              case "withName" -> reading(Resource.class, type, namespace, (String) arguments[0]);
              case "list" -> items(type, namespace);
              case "get" -> {
                HasMetadata found = all(type).get(new ResourceID(name, namespace));
                yield found == null ? null : Serialization.clone(found);
              }
              default -> throw unknown(method);
            });
  }

  private Object items(Class<?> type, String namespace) {
    List<HasMetadata> items =
        all(type).values().stream()
            .filter(object -> namespace.equals(object.getMetadata().getNamespace()))
            .toList();
    return proxy(
        KubernetesResourceList.class,
        (self, method, arguments) -> {
          if (!method.getName().equals("getItems")) {
            throw unknown(method);
          }
          return items;
        });
  }

  private static RuntimeException unknown(Method method) {
    return new UnsupportedOperationException(method.toString());
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(self);
                  case "equals" -> self == arguments[0];
                  case "toString" -> type.getSimpleName();
                  default -> handler.invoke(self, method, arguments);
                }));
  }
}
