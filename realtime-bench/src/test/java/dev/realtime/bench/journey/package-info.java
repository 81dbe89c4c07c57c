/** Tests of the timestamps. */
@NullMarked
package dev.realtime.bench.journey;

import org.jspecify.annotations.NullMarked;
