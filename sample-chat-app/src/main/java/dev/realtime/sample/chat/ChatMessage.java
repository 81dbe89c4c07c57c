package dev.realtime.sample.chat;

/**
 * What is published in a room. Number, time and id travel beside it, not in it.
 *
 * @param author who says it, by the server's knowledge, not the client's
 * @param text what is said
 */
public record ChatMessage(String author, String text) {
}
