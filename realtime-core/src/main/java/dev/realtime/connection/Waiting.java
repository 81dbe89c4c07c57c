package dev.realtime.connection;

/**
 * What waits to be accepted by a connection's socket, including what is being written.
 *
 * @param frames frames, and ranges of dropped messages that become one each
 * @param bytes of the frames
 */
public record Waiting(int frames, int bytes) {
}
