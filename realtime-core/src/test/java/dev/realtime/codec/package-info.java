/** Tests of what the Redis integrations share. */
@NullMarked
package dev.realtime.codec;

import org.jspecify.annotations.NullMarked;
