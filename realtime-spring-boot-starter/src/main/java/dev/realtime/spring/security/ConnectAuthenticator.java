package dev.realtime.spring.security;

import java.security.Principal;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Finds out from a CONNECT frame who the client is, and from a SEND to
 * {@code /realtime/auth} whether it is still the same user, with new credentials. Declare
 * a bean; where there are several, the first in order that knows the credentials decides.
 * The user whom it returns takes the place of the one of the HTTP handshake.
 * <p>
 * Called before every interceptor of the inbound channel, on the thread that brings the
 * connection's frames, never on an event loop: it may block, and the connection's next
 * frame waits for it. Other connections may ask at the same time.
 * {@code realtime.security.authentication-timeout} closes the connection with 1013 if it
 * takes longer; the thread is not interrupted.
 */
@FunctionalInterface
public interface ConnectAuthenticator {

	/**
	 * Authenticates a client.
	 * @return who it is, an {@code Authentication} where Spring Security decides who may
	 * send what; null when there are no credentials that it knows, which leaves the user
	 * of the handshake, or nobody
	 * @throws ConnectRefusedException when the credentials are wrong; Spring Security's
	 * {@code AuthenticationException} refuses too, with a general sentence. Everything
	 * else counts as our failure: it is logged, and the client may try again later
	 */
	@Nullable Principal authenticate(ConnectRequest request);

	/**
	 * Until when the user may stay connected and read over HTTP. Asked about users whom
	 * others have authenticated too, at CONNECT and at each request over HTTP; must not
	 * block.
	 * @return null when it is not known, or for ever
	 */
	default @Nullable Instant expiresAt(Principal user) {
		return null;
	}

	/**
	 * Returns the token of the user, so that it can be revoked. Asked about users whom
	 * others have authenticated too, at CONNECT and at each request over HTTP; must not
	 * block.
	 * @return null when this knows no token of the user
	 */
	default @Nullable ConnectToken token(Principal user) {
		return null;
	}

}
