/**
 * Answers operators' questions about this node and the fleet: what a node does, what
 * state a topic is in, which connections a user has, what went wrong lately. May be
 * imported by the actuator's endpoints.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.inspect;

import org.jspecify.annotations.NullMarked;
