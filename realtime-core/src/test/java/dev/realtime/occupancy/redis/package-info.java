@NullMarked
package dev.realtime.occupancy.redis;

import org.jspecify.annotations.NullMarked;
