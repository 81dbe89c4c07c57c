/** A Redis of a measurement's own. */
@NullMarked
package dev.realtime.bench.redis;

import org.jspecify.annotations.NullMarked;
