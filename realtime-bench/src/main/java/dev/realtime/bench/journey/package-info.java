/**
 * A message's way through one node, with a timestamp at each stage. Built around the
 * engine's public interfaces: the engine itself knows nothing of it. Imports the engine.
 */
@NullMarked
package dev.realtime.bench.journey;

import org.jspecify.annotations.NullMarked;
