/**
 * One watcher per cluster: asks the nodes on two lanes, keeps what they said, wakes who is
 * concerned.
 */
package io.pveha.operator.polling;
