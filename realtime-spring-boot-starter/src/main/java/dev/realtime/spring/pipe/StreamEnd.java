package dev.realtime.spring.pipe;

import dev.realtime.Position;
import org.jspecify.annotations.Nullable;

/**
 * The end of a text.
 *
 * @param outcome how it ended
 * @param length how many characters of it are published
 * @param position that of the message that says so, or null if it could not be published
 * @param reference what the log line about the failure of the source is found by, or null
 */
public record StreamEnd(StreamOutcome outcome, int length, @Nullable Position position, @Nullable String reference) {
}
