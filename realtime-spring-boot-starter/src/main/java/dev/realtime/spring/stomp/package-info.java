/**
 * The broker inside Spring's STOMP support: takes the place of the simple broker, and
 * hands every session's writes to the hub.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.stomp;

import org.jspecify.annotations.NullMarked;
