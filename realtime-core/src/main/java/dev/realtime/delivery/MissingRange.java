package dev.realtime.delivery;

/**
 * A range of numbers that does not come. Internal to the engine.
 *
 * @param epoch the epoch of both numbers
 * @param from the first number missing
 * @param to the last number missing; {@code from - 1} when nothing is
 * @param reason why, in a word of {@link Gap}
 */
public record MissingRange(String epoch, long from, long to, String reason) implements Step {

}
