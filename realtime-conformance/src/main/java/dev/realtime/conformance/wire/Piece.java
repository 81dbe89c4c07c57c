package dev.realtime.conformance.wire;

import org.jspecify.annotations.Nullable;

/**
 * A frame, or a line end between frames.
 *
 * @param frame the frame; null for a line end
 */
record Piece(@Nullable StompFrame frame) {
}
