/** Whole nodes on real sockets with a real Redis. */
@NullMarked
package dev.realtime.spring.journey;

import org.jspecify.annotations.NullMarked;
