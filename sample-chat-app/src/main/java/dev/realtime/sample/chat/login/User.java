package dev.realtime.sample.chat.login;

import java.security.Principal;

/**
 * Somebody with a good token.
 *
 * @param name as typed
 */
record User(String name) implements Principal {

	@Override
	public String getName() {
		return this.name;
	}

}
