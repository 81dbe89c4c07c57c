/**
 * Which topics have subscribers in the fleet, in Redis; the keys are documented on
 * {@link dev.realtime.occupancy.redis.RedisOccupancyStore}. Imports occupancy, redis, the
 * partitions, the loops and the root package only.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.occupancy.redis;

import org.jspecify.annotations.NullMarked;
