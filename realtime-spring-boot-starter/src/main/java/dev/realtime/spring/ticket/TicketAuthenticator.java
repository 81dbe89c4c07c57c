package dev.realtime.spring.ticket;

import java.security.Principal;
import java.time.Instant;

import dev.realtime.spring.security.ConnectAuthenticator;
import dev.realtime.spring.security.ConnectRefusedException;
import dev.realtime.spring.security.ConnectRequest;
import dev.realtime.spring.security.ConnectToken;
import org.jspecify.annotations.Nullable;

/** Takes the ticket of a CONNECT or of its handshake. */
final class TicketAuthenticator implements ConnectAuthenticator {

	private final Tickets tickets;

	TicketAuthenticator(Tickets tickets) {
		this.tickets = tickets;
	}

	@Override
	public @Nullable Principal authenticate(ConnectRequest request) {
		String ticket = request.ticket();
		if (ticket == null) {
			return null;
		}
		Principal user = this.tickets.redeem(ticket);
		if (user == null) {
			throw new ConnectRefusedException(this.tickets.wasUsed(ticket) ? "used-ticket" : "unknown-ticket",
					"This ticket is not valid, or is no longer valid; fetch another one");
		}
		return user;
	}

	@Override
	public @Nullable Instant expiresAt(Principal user) {
		return this.tickets.expiresAt(user);
	}

	@Override
	public @Nullable ConnectToken token(Principal user) {
		return this.tickets.token(user);
	}

}
