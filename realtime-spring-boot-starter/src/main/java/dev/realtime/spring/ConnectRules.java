package dev.realtime.spring;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.security}: who may connect, and for how long.
 *
 * @param requireUser whether a client is refused if neither the handshake, nor its
 * CONNECT, nor an interceptor of the application said who it is; by default it is as soon
 * as the application has a ConnectAuthenticator, a JwtDecoder or Spring Security's
 * filters
 * @param anonymous whether such clients may connect whatever the application has
 * @param expiryNotice how long before its credentials end a client is told so; 0 means
 * not before they have
 * @param authenticationTimeout how long authenticators and interceptors of the
 * application may work on a CONNECT
 * @param tickets whether users may fetch tickets over HTTP and connect with them
 * @param ticketTime how long a ticket is good; 1 s to 5 min
 * @param endWithHttpSession whether connections and streams end with the HTTP session
 * that has started them
 */
public record ConnectRules(@Nullable Boolean requireUser, @DefaultValue("false") boolean anonymous,
		@DefaultValue("60s") Duration expiryNotice, @DefaultValue("30s") Duration authenticationTimeout,
		@DefaultValue("false") boolean tickets, @DefaultValue("30s") Duration ticketTime,
		@DefaultValue("true") boolean endWithHttpSession) {

	public ConnectRules {
		PropertyBounds.check(!anonymous || requireUser == null || !requireUser, "realtime.security.require-user",
				requireUser, "contradicts realtime.security.anonymous=true");
		PropertyBounds.check(
				ticketTime.compareTo(Duration.ofSeconds(1)) >= 0 && ticketTime.compareTo(Duration.ofMinutes(5)) <= 0,
				"realtime.security.ticket-time", PropertyBounds.text(ticketTime), "must be 1s to 5m");
		PropertyBounds.positive("realtime.security.authentication-timeout", authenticationTimeout);
		PropertyBounds.positiveOrZero("realtime.security.expiry-notice", expiryNotice);
	}

}
