package dev.realtime.spring;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.security}: who may connect, and for how long.
 *
 * @param requireUser whether a client is refused that is nobody: neither the handshake,
 * nor its CONNECT, nor an interceptor of the application said who it is
 * @param expiryNotice how long before its credentials end a client is told so; 0 means
 * not before they have
 * @param authenticationTimeout how long authenticators and interceptors of the
 * application may work on a CONNECT
 * @param endWithHttpSession whether connections and streams end with the HTTP session
 * that has started them
 */
public record ConnectRules(@DefaultValue("false") boolean requireUser, @DefaultValue("60s") Duration expiryNotice,
		@DefaultValue("30s") Duration authenticationTimeout, @DefaultValue("true") boolean endWithHttpSession) {

	public ConnectRules {
		PropertyBounds.positive("realtime.security.authentication-timeout", authenticationTimeout);
		PropertyBounds.positiveOrZero("realtime.security.expiry-notice", expiryNotice);
	}

}
