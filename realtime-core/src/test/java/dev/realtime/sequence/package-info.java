/** Tests of sequence, and its contract for all implementations. */
@NullMarked
package dev.realtime.sequence;

import org.jspecify.annotations.NullMarked;
