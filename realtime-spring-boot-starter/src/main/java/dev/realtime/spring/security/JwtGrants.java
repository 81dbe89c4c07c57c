package dev.realtime.spring.security;

import java.security.Principal;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * Grants in the claims of JWTs, and those that a ticket has kept. What a token grants is
 * read once for as long as a user has it.
 */
final class JwtGrants implements UserGrants {

	private final Map<Jwt, Optional<TokenGrants>> known = Collections.synchronizedMap(new WeakHashMap<>());

	private final int most;

	/**
	 * Makes it.
	 * @param most most patterns that a token may have
	 */
	JwtGrants(int most) {
		this.most = most;
	}

	@Override
	public @Nullable TokenGrants of(@Nullable Principal user) {
		if (user instanceof GrantsHolder holder) {
			return holder.grants();
		}
		if (user instanceof Authentication known && known.getDetails() instanceof GrantsHolder holder) {
			return holder.grants();
		}
		Jwt token = (user != null) ? JwtConnectAuthenticator.jwt(user) : null;
		return (token != null) ? read(token) : null;
	}

	private @Nullable TokenGrants read(Jwt token) {
		Optional<TokenGrants> found = this.known.get(token);
		if (found == null) {
			found = Optional.ofNullable(TokenGrants.of(token.getClaims(), this.most));
			this.known.put(token, found);
		}
		return found.orElse(null);
	}

}
