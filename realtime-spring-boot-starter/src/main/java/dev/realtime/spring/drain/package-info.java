/**
 * Takes a node out of service on an operator's request, and back. May be imported by
 * whatever changes the node's readiness, by the operators' questions and by the
 * actuator's endpoints.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.drain;

import org.jspecify.annotations.NullMarked;
