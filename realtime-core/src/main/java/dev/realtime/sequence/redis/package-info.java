/**
 * Numbers given by Redis. Imports the root package, sequence and redis.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.sequence.redis;

import org.jspecify.annotations.NullMarked;
