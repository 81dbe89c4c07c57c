package dev.realtime.spring.security;

import java.security.Principal;

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

	/** Whether the application says by the exception that the user may not. */
	boolean isDenial(RuntimeException failure) {
		return false;
	}

}
