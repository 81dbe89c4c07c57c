/**
 * {@code @TopicPublisher}: interfaces and bean methods that publish; and the limits that
 * hold for every publisher. Imports the core's root package and the starter's properties.
 * <p>
 * API: {@link dev.realtime.spring.publisher.TopicPublisher},
 * {@link dev.realtime.spring.publisher.TopicVariable},
 * {@link dev.realtime.spring.publisher.PublishedOn} and
 * {@link dev.realtime.spring.publisher.RealtimeSignals}.
 */
@NullMarked
package dev.realtime.spring.publisher;

import org.jspecify.annotations.NullMarked;
