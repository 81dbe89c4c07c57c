/**
 * {@code @TopicPublisher}: interfaces and bean methods that publish; and the limits that
 * hold for every publisher. Imports the core's root package and the starter's properties.
 */
@NullMarked
package dev.realtime.spring.publisher;

import org.jspecify.annotations.NullMarked;
