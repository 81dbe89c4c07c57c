/**
 * What the durable broker stores in a second, beside what the same database does with a
 * plain insert for each message. In one process; imports the engine.
 */
@NullMarked
package dev.realtime.bench.durable;

import org.jspecify.annotations.NullMarked;
