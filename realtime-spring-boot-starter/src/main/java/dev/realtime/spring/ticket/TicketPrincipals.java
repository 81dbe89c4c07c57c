package dev.realtime.spring.ticket;

import java.security.Principal;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Makes users of what tickets stand for. Without Spring Security a user has no
 * authorities.
 */
class TicketPrincipals {

	List<String> authorities(Principal user) {
		return List.of();
	}

	Principal principal(TicketUser user) {
		return user;
	}

	/** Returns what the ticket stood for with which the user has connected, or null. */
	@Nullable TicketUser ticket(Principal user) {
		return (user instanceof TicketUser known) ? known : null;
	}

}
