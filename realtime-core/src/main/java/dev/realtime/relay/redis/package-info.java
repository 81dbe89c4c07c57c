/**
 * The relay over Redis publish/subscribe. Imports the root package, relay and redis.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.relay.redis;

import org.jspecify.annotations.NullMarked;
