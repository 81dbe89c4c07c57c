package dev.realtime.spring.occupancy;

import java.time.Instant;

import dev.realtime.Topic;

/**
 * A topic has its first subscriber on this node, or in the fleet. Published as an event
 * of the application context with {@code realtime.topic-events.enabled=true}.
 * <ul>
 * <li><b>Scope.</b> This node: each node of a fleet publishes events of its own
 * subscribers. Behind gateways these are on the gateways. {@code RealtimeSessions.find}
 * asks all nodes who is subscribed to a topic.</li>
 * <li><b>Scope, with {@code realtime.topic-events.fleet-wide=true}.</b> All nodes with
 * that property: the first subscriber of any of them. One of them publishes the event,
 * and the next event of the topic follows when its listeners have returned, on the same
 * node or on another. An event is published again if its node dies, or cannot reach Redis
 * for {@code realtime.presence.lease}, before it has noted that it was published.</li>
 * <li><b>What counts.</b> Subscriptions to the topic by its name, once they are live, of
 * topics below {@code /topic}. Subscriptions with a wildcard do not count, and joins and
 * leaves, users' destinations and other reserved topics have no events.</li>
 * <li><b>Order.</b> For a topic, this event and {@link TopicVacatedEvent} alternate, and
 * this one comes first. They tell of the state, not of each change: a topic that was
 * occupied and vacated again in between may be left out.</li>
 * <li><b>Thread.</b> One thread of its own, {@code realtime-topic-events}. A listener may
 * block, which delays later events. If it does so for 30 seconds, health is down because
 * of a stalled loop: calls to other services need timeouts below that. What it throws is
 * counted and logged, and the event is not published again.</li>
 * <li><b>Bound.</b> If {@code realtime.topic-events.queue} changes wait, more are dropped
 * and counted. The thread then compares all topics with what it has published, within a
 * second of having caught up, so no topic stays in the wrong state. Of the fleet's
 * events, a node takes no more than that, and the rest waits in Redis.</li>
 * </ul>
 * A node that ends does not wait for the grace, so that the topics of its last
 * connections may not be reported as vacated. One that starts begins without occupied
 * topics. Fleet-wide, another node reports them.
 *
 * @param topic which
 * @param node the id of this node
 * @param time when the event was made, by this node's clock; fleet-wide, by that of
 * Redis, so that the times of a topic's events have their order
 */
public record TopicOccupiedEvent(Topic topic, String node, Instant time) {
}
