/**
 * Restrictions in Redis. Imports the root package, Redis and restrictions.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.restriction.redis;

import org.jspecify.annotations.NullMarked;
