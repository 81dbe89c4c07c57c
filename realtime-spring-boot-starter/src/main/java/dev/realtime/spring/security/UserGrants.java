package dev.realtime.spring.security;

import java.security.Principal;

import org.jspecify.annotations.Nullable;

/**
 * Finds the grants of the token that a user has shown. Safe for any number of threads.
 */
interface UserGrants {

	/** Where tokens grant nothing. */
	UserGrants OFF = (user) -> null;

	/**
	 * Returns the grants; null where the token says nothing about topics, or there is
	 * none.
	 * @throws InvalidGrantsException if they are malformed
	 */
	@Nullable TokenGrants of(@Nullable Principal user);

}
