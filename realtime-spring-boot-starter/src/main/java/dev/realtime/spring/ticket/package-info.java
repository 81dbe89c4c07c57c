/**
 * Tickets: one-time credentials that a logged-in user fetches over HTTP and connects
 * with. Imports the core's root package, JSON and who a client is.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.ticket;

import org.jspecify.annotations.NullMarked;
