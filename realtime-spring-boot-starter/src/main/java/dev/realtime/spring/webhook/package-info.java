/**
 * Events as signed HTTP requests to URLs that the operator sets. Imports the events of
 * topics, the connections, the properties, JSON and the loops.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.webhook;

import org.jspecify.annotations.NullMarked;
