/**
 * Nodes, their queues and their threads as a discrete-event simulation: the time is that
 * of the simulation, and a seed decides everything that is random.
 */
@NullMarked
package dev.realtime.bench.simulation;

import org.jspecify.annotations.NullMarked;
