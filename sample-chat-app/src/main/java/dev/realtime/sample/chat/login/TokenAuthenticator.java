package dev.realtime.sample.chat.login;

import java.security.Principal;

import dev.realtime.spring.security.ConnectAuthenticator;
import dev.realtime.spring.security.ConnectRefusedException;
import dev.realtime.spring.security.ConnectRequest;
import org.jspecify.annotations.Nullable;

/**
 * The door for STOMP: browsers cannot add headers to a WebSocket's handshake, so the
 * token comes in the CONNECT frame. Without one somebody is nobody, who may see prices.
 */
class TokenAuthenticator implements ConnectAuthenticator {

	private final Tokens tokens;

	TokenAuthenticator(Tokens tokens) {
		this.tokens = tokens;
	}

	@Override
	public @Nullable Principal authenticate(ConnectRequest request) {
		String token = request.bearerToken();
		if (token == null) {
			return null;
		}
		String name = this.tokens.nameIn(token);
		if (name == null) {
			throw new ConnectRefusedException("This token is not one of ours; log in again");
		}
		return new User(name);
	}

}
