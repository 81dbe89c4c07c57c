package dev.realtime.broker;

import dev.realtime.Position;

/**
 * What became of a run that was to be copied.
 *
 * @param follows whether the copy now has all of it; else nothing was changed, because
 * there is a hole before it or it is of another epoch
 * @param head the copy's last position
 * @param stored how many messages were new
 */
public record Copied(boolean follows, Position head, int stored) {
}
