package dev.realtime.spring.security;

import java.security.Principal;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** What grants ask about users. Without Spring Security a user has a name alone. */
class Users {

	/** Whether it is known who the user is. */
	boolean isKnown(Principal user) {
		return true;
	}

	/** Whether users have authorities. */
	boolean haveAuthorities() {
		return false;
	}

	boolean has(Principal user, String authority) {
		return false;
	}

	/**
	 * Decides as the user, on a thread that handles no request of the user's: the
	 * application may ask for the user in another way than by the argument.
	 */
	AccessDecision as(@Nullable Principal user, Supplier<AccessDecision> decision) {
		return decision.get();
	}

	/** Whether the application says by the exception that the user may not. */
	boolean isDenial(RuntimeException failure) {
		return false;
	}

}
