package dev.realtime.spring.occupancy;

import java.time.Instant;

import dev.realtime.Topic;

/**
 * A topic has had no subscriber on this node for {@code realtime.topic-events.grace}, so
 * the reload of a page is no event. Other nodes may have subscribers, unless
 * {@code realtime.topic-events.fleet-wide} is true. Scope, order, thread and bound are
 * those of {@link TopicOccupiedEvent}, which came before.
 *
 * @param topic which
 * @param node the id of this node
 * @param time when the event was made; see {@link TopicOccupiedEvent}
 */
public record TopicVacatedEvent(Topic topic, String node, Instant time) {
}
