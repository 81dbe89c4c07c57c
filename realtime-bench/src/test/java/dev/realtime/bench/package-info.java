/** Short runs of everything that can be measured: exact counts, no timing. */
@NullMarked
package dev.realtime.bench;

import org.jspecify.annotations.NullMarked;
