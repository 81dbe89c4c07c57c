/**
 * A million connections in one process: what each costs in memory, and how long one
 * message to all of them takes. Imports the engine.
 */
@NullMarked
package dev.realtime.bench.million;

import org.jspecify.annotations.NullMarked;
