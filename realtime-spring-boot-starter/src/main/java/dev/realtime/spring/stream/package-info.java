/**
 * Streams over HTTP, for clients that cannot use WebSockets: Server-Sent Events, long
 * polling and a POST to send. Each is a STOMP session whose client lives here, behind the
 * application's own STOMP endpoint. Knows no web server: {@code .web} and {@code .netty}
 * bring the requests.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.stream;

import org.jspecify.annotations.NullMarked;
