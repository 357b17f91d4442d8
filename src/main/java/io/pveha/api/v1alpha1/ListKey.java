package io.pveha.api.v1alpha1;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The list is a map by this field ({@code x-kubernetes-list-type: map}), so that several writers
 * can own entries of their own under server-side apply. Put on record components of list type; read
 * when the CRD files are generated.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface ListKey {
  /** Name of the field that tells the entries apart. */
  String value();
}
