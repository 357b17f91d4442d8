/** The try-out in a Kubernetes cluster: what the chart runs with {@code simulator.enabled}. */
package io.pveha.app.tryout;
