/**
 * What the Redis integrations share: one connection with time limits, the scripts'
 * loader, and the names of keys. Imports the root package, loop and partition; imported
 * by the {@code .redis} packages alone.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.redis;

import org.jspecify.annotations.NullMarked;
