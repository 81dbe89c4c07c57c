package dev.realtime.redis;

/**
 * What a script has answered, and whether the replicas have what it wrote and read.
 *
 * @param value the answer
 * @param replicated whether as many replicas as the fleet has confirmed it in time
 */
public record Continued<T>(T value, boolean replicated) {
}
