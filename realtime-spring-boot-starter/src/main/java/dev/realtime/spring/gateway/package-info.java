/**
 * Carries clients' SENDs to application destinations from the gateways, which hold the
 * connections, to the application's nodes, which handle them. Knows nothing of STOMP and
 * of Spring's channels.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.spring.gateway;

import org.jspecify.annotations.NullMarked;
