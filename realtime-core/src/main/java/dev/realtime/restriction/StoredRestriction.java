package dev.realtime.restriction;

import java.time.Duration;

/**
 * A restriction in the list.
 *
 * @param restriction what is stored
 * @param left after which time it expires
 * @param number the change with which it came
 */
public record StoredRestriction(Restriction restriction, Duration left, long number) {
}
