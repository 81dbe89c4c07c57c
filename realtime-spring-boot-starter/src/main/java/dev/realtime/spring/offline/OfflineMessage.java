package dev.realtime.spring.offline;

import java.util.OptionalLong;

import dev.realtime.TopicMessage;

/**
 * A message to a user who is not connected.
 *
 * @param user the user's name, as {@code Principal.getName()} says it
 * @param destination where it was sent, without the prefix of user destinations, such as
 * {@code /queue/notifications}
 * @param message what was stored, with its position: the client that returns recovers it
 * from there
 * @param unread how many messages of this destination the user has not read; empty if
 * read positions are not kept ({@code realtime.log=jdbc}) or could not be read within 5
 * seconds
 */
public record OfflineMessage(String user, String destination, TopicMessage message, OptionalLong unread) {
}
