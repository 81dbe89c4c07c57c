/** Tests of what is asked of a Redis. */
@NullMarked
package dev.realtime.bench.redis;

import org.jspecify.annotations.NullMarked;
