/** Tests of the calculator. */
@NullMarked
package dev.realtime.bench.capacity;

import org.jspecify.annotations.NullMarked;
