/** Presence over a real Redis: dead nodes, outages, races. */
@NullMarked
package dev.realtime.presence.redis;

import org.jspecify.annotations.NullMarked;
