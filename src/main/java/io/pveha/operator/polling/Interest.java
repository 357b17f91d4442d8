package io.pveha.operator.polling;

import java.util.function.Function;

/** What of a cluster concerns an object: it is woken when that part changes. */
@FunctionalInterface
public interface Interest extends Function<ClusterFacts, Object> {}
