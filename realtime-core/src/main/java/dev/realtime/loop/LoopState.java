package dev.realtime.loop;

/**
 * How a loop is at one moment.
 *
 * @param name the loop's name, which is its thread's unless the thread is another's
 * @param failures how many tasks have thrown since the loop was made
 * @param stalled whether it has work and has made no progress for the time given to
 * {@link Loops}
 */
public record LoopState(String name, long failures, boolean stalled) {
}
