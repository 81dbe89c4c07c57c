/**
 * Events as signed HTTP requests to URLs that the operator sets. Imports the events of
 * topics, the properties, JSON and the loops.
 */
@NullMarked
package dev.realtime.spring.webhook;

import org.jspecify.annotations.NullMarked;
