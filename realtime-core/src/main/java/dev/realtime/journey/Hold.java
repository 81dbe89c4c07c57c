package dev.realtime.journey;

/**
 * Why a message that the relay has brought was not released at once.
 *
 * @param opening whether the topic's feed was not open yet
 * @param newEpoch whether the message is of another epoch than the one before
 * @param missing how many numbers before it were neither delivered nor waiting too
 */
public record Hold(boolean opening, boolean newEpoch, long missing) {
}
