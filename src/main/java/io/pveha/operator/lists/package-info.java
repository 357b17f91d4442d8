/** Whether what the operator reads in Kubernetes is known at all. */
package io.pveha.operator.lists;
