package dev.realtime.conformance.server;

import java.security.Principal;
import java.time.Instant;

import dev.realtime.spring.security.ConnectAuthenticator;
import dev.realtime.spring.security.ConnectRefusedException;
import dev.realtime.spring.security.ConnectRequest;
import dev.realtime.spring.security.ConnectToken;
import org.jspecify.annotations.Nullable;

/**
 * Users by tokens of the form {@code user~n}, or {@code user~n~end} for one that ends at
 * that time, in milliseconds since 1970. Other tokens are refused; without a token there
 * is no user.
 */
final class TokenUsers implements ConnectAuthenticator {

	@Override
	public @Nullable Principal authenticate(ConnectRequest request) {
		String token = request.bearerToken();
		return (token != null) ? of(token) : null;
	}

	/**
	 * Returns the user of a token.
	 * @throws ConnectRefusedException if it is not valid
	 */
	static Principal of(String token) {
		String[] parts = token.split("~", -1);
		if (parts.length < 2) {
			throw new ConnectRefusedException("The token is not valid");
		}
		Instant end = (parts.length > 2) ? Instant.ofEpochMilli(Long.parseLong(parts[2])) : null;
		if (end != null && end.isBefore(Instant.now())) {
			throw new ConnectRefusedException("The token has expired");
		}
		return new TokenUser(parts[0], token, end);
	}

	@Override
	public @Nullable Instant expiresAt(Principal user) {
		return (user instanceof TokenUser known) ? known.end() : null;
	}

	@Override
	public @Nullable ConnectToken token(Principal user) {
		return (user instanceof TokenUser known) ? new ConnectToken(known.token(), null) : null;
	}

	/**
	 * A user.
	 *
	 * @param name the name
	 * @param token the whole token
	 * @param end when the token ends; null for never
	 */
	record TokenUser(String name, String token, @Nullable Instant end) implements Principal {

		@Override
		public String getName() {
			return this.name;
		}

	}

}
