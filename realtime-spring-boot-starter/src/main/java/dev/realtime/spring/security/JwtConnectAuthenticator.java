package dev.realtime.spring.security;

import java.security.Principal;
import java.time.Instant;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtValidationException;

/**
 * Takes the bearer token of CONNECT for a JWT, as an OAuth 2 resource server does over
 * HTTP. The connection ends when the token does. A decoder that cannot reach its keys is
 * our failure, not the client's.
 */
public final class JwtConnectAuthenticator implements ConnectAuthenticator {

	private final JwtDecoder decoder;

	private final Converter<Jwt, ? extends AbstractAuthenticationToken> converter;

	/**
	 * Uses these two.
	 * @param decoder checks a token's signature, times and claims
	 * @param converter makes a token the user with a name and authorities
	 */
	public JwtConnectAuthenticator(JwtDecoder decoder,
			Converter<Jwt, ? extends AbstractAuthenticationToken> converter) {
		this.decoder = decoder;
		this.converter = converter;
	}

	@Override
	public @Nullable Principal authenticate(ConnectRequest request) {
		String token = request.bearerToken();
		return (token != null) ? user(decode(token)) : null;
	}

	@Override
	public @Nullable Instant expiresAt(Principal user) {
		Jwt token = jwt(user);
		return (token != null) ? token.getExpiresAt() : null;
	}

	@Override
	public @Nullable ConnectToken token(Principal user) {
		Jwt token = jwt(user);
		return (token != null) ? new ConnectToken(token.getId(), issuedAt(token)) : null;
	}

	/**
	 * Spring Security makes a time of issue for tokens that have none, a second before
	 * they expire. Such a token must not look as if it were issued late.
	 */
	private static @Nullable Instant issuedAt(Jwt token) {
		Instant issuedAt = token.getIssuedAt();
		Instant expiresAt = token.getExpiresAt();
		boolean made = issuedAt != null && expiresAt != null && !issuedAt.isBefore(expiresAt.minusSeconds(1));
		return made ? null : issuedAt;
	}

	private Jwt decode(String token) {
		try {
			return this.decoder.decode(token);
		}
		catch (JwtValidationException ex) {
			throw new ConnectRefusedException("The token has expired, or is not meant for this service", ex);
		}
		catch (BadJwtException ex) {
			throw new ConnectRefusedException("The token is not valid", ex);
		}
	}

	private Principal user(Jwt token) {
		AbstractAuthenticationToken user = this.converter.convert(token);
		if (user == null) {
			throw new ConnectRefusedException("The token names no user of this service");
		}
		if (jwt(user) == null && user.getDetails() == null) {
			// A converter of the application may forget the token; its end must be known.
			user.setDetails(token);
		}
		return user;
	}

	/** Returns the token that a user of Spring Security has been made of, or null. */
	static @Nullable Jwt jwt(Principal user) {
		if (!(user instanceof Authentication known)) {
			return null;
		}
		return Stream.of(known.getCredentials(), known.getPrincipal(), known.getDetails())
			.filter(Jwt.class::isInstance)
			.map(Jwt.class::cast)
			.findFirst()
			.orElse(null);
	}

}
