/** Tests of what the Redis integrations share. */
@NullMarked
package dev.realtime.redis;

import org.jspecify.annotations.NullMarked;
