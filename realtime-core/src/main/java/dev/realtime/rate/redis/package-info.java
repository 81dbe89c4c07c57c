/**
 * Fleet-wide token buckets in Redis. Imports the root, {@code redis} and {@code rate}.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.rate.redis;

import org.jspecify.annotations.NullMarked;
