/** Tests of broker, and its contract for all implementations. */
@NullMarked
package dev.realtime.broker;

import org.jspecify.annotations.NullMarked;
