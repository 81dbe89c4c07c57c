package dev.realtime.spring.security;

import org.jspecify.annotations.Nullable;

/** A user, or the details of one, with the grants of a token. Not for applications. */
public interface GrantsHolder {

	/** Returns what the token grants; null if it says nothing about topics. */
	@Nullable TokenGrants grants();

}
