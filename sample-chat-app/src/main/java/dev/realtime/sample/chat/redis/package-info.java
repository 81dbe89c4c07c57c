/**
 * A Redis that the first node brings along, so that the sample needs nothing installed.
 * No part of what one would copy: a real service names its Redis.
 */
@NullMarked
package dev.realtime.sample.chat.redis;

import org.jspecify.annotations.NullMarked;
