package dev.realtime.spring.gateway;

import java.security.Principal;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What travels of a user, and what becomes of it. Without Spring Security a user is a
 * name.
 */
public class GatewayUsers {

	/** The user's name, or null when it is not known who the user is. */
	public @Nullable String name(@Nullable Principal user) {
		return (user != null) ? user.getName() : null;
	}

	/** The user's authorities. */
	public List<String> authorities(@Nullable Principal user) {
		return List.of();
	}

	/** The user on a node. */
	public Principal user(String name, List<String> authorities) {
		return new Named(name);
	}

	private record Named(String name) implements Principal {

		@Override
		public String getName() {
			return this.name;
		}

	}

}
