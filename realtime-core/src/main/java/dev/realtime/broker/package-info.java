/**
 * Log, numbering and relay behind one door. Imports the root package, log, sequence and
 * relay.
 * <p>
 * API: {@link dev.realtime.broker.Broker}, {@link dev.realtime.broker.Copied},
 * {@link dev.realtime.broker.NumberedRun}, {@link dev.realtime.broker.MemoryBroker} and
 * {@link dev.realtime.broker.RelayedBroker}.
 */
@NullMarked
package dev.realtime.broker;

import org.jspecify.annotations.NullMarked;
