/**
 * Log, numbering and relay behind one door. Imports the root package, log, sequence and
 * relay.
 */
@NullMarked
package dev.realtime.broker;

import org.jspecify.annotations.NullMarked;
