package dev.realtime.spring.security;

import java.security.Principal;

import org.jspecify.annotations.Nullable;

/** Reads subscription tokens. Safe for any number of threads; does not block. */
interface SubscriptionGrants {

	/** Where there are no such tokens. */
	SubscriptionGrants OFF = (token, user) -> null;

	/** The reason when a token has expired. */
	String EXPIRED = "expired";

	/**
	 * Returns what the token grants; null where there are no such tokens.
	 * @throws dev.realtime.spring.RefusedException if it is not valid, has expired, or is
	 * for another user
	 */
	@Nullable SubscriptionGrant of(String token, @Nullable Principal user);

}
