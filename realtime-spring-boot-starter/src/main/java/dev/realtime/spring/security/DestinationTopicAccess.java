package dev.realtime.spring.security;

/**
 * Decides by the destination that a client would subscribe to. Such rules can name the
 * destination of a topic's presence events as well, so they are asked about that
 * destination in addition to the topic's own.
 */
interface DestinationTopicAccess extends TopicAccess {

}
