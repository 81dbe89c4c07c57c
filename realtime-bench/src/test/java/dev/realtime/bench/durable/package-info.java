/** Short runs of the durable broker's benchmark: exact counts, no timing. */
@NullMarked
package dev.realtime.bench.durable;

import org.jspecify.annotations.NullMarked;
