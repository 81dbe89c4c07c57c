/** Tests of fleet-wide token buckets in Redis. */
@NullMarked
package dev.realtime.rate.redis;

import org.jspecify.annotations.NullMarked;
