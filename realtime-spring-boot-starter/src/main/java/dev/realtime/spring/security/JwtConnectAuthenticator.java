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
		Jwt token = (user instanceof Authentication known) ? token(known) : null;
		return (token != null) ? token.getExpiresAt() : null;
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
		if (token(user) == null && user.getDetails() == null) {
			// A converter of the application may forget the token; its end must be known.
			user.setDetails(token);
		}
		return user;
	}

	private static @Nullable Jwt token(Authentication user) {
		return Stream.of(user.getCredentials(), user.getPrincipal(), user.getDetails())
			.filter(Jwt.class::isInstance)
			.map(Jwt.class::cast)
			.findFirst()
			.orElse(null);
	}

}
