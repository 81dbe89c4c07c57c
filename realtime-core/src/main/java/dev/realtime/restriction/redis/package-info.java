/** Restrictions in Redis. Imports the root package, Redis and restrictions. */
@NullMarked
package dev.realtime.restriction.redis;

import org.jspecify.annotations.NullMarked;
