/**
 * The log in Redis Streams. Imports the root package, log and redis.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.log.redis;

import org.jspecify.annotations.NullMarked;
