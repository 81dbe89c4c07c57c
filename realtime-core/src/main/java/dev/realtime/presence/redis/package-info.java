/**
 * Presence in Redis; the keys are documented on
 * {@link dev.realtime.presence.redis.RedisPresence}. Imports presence, redis and the root
 * package only.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.presence.redis;

import org.jspecify.annotations.NullMarked;
