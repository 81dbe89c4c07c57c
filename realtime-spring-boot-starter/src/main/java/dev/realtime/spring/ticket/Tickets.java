package dev.realtime.spring.ticket;

import java.security.Principal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.function.Function;

import dev.realtime.Sha256;
import dev.realtime.spring.security.ConnectAuthenticator;
import dev.realtime.spring.security.ConnectAuthenticators;
import dev.realtime.spring.security.ConnectToken;
import dev.realtime.spring.security.TokenGrants;
import org.jspecify.annotations.Nullable;

/**
 * Issues and redeems tickets. A ticket is 32 random bytes in Base64, good for one CONNECT
 * within {@link #time()}. It stands for the user with the authorities that the user had,
 * and the connection ends when the credentials end with which it was fetched. What is
 * kept is found by the SHA-256 of the ticket, so whoever can read the store cannot use
 * it. Safe for any number of threads; blocks while the store is asked.
 */
public final class Tickets {

	private static final SecureRandom RANDOM = new SecureRandom();

	private static final int BYTES = 32;

	/** Characters of a ticket. */
	private static final int LENGTH = 43;

	private final TicketStore store;

	private final Duration time;

	private final TicketPrincipals principals;

	private final ConnectAuthenticators authenticators;

	private final Function<Principal, @Nullable TokenGrants> grants;

	/**
	 * Makes tickets.
	 * @param grants finds what a user's token grants
	 */
	Tickets(TicketStore store, Duration time, TicketPrincipals principals, ConnectAuthenticators authenticators,
			Function<Principal, @Nullable TokenGrants> grants) {
		this.grants = grants;
		this.store = store;
		this.time = time;
		this.principals = principals;
		this.authenticators = authenticators;
	}

	/** How long a ticket is good. */
	public Duration time() {
		return this.time;
	}

	/**
	 * Issues a ticket for the user.
	 * @throws IllegalStateException if there is no room for another one
	 */
	public String issue(Principal user) {
		TicketUser kept = new TicketUser(user.getName(), this.principals.authorities(user),
				ask((each) -> each.expiresAt(user)), ask((each) -> each.token(user)), this.grants.apply(user));
		byte[] random = new byte[BYTES];
		RANDOM.nextBytes(random);
		String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
		if (!this.store.put(Sha256.hex(ticket), kept.write(), this.time)) {
			throw new IllegalStateException("No ticket can be issued now: the store is full of unused tickets");
		}
		return ticket;
	}

	/** Returns the user of a ticket, and null the next time, or if it is none of ours. */
	@Nullable Principal redeem(String ticket) {
		String value = (ticket.length() == LENGTH) ? this.store.take(Sha256.hex(ticket)) : null;
		return (value != null) ? this.principals.principal(TicketUser.read(value)) : null;
	}

	/** Whether a ticket that is not good any more was used lately. */
	boolean wasUsed(String ticket) {
		return ticket.length() == LENGTH && this.store.wasTaken(Sha256.hex(ticket));
	}

	@Nullable Instant expiresAt(Principal user) {
		TicketUser ticket = this.principals.ticket(user);
		return (ticket != null) ? ticket.expiresAt() : null;
	}

	@Nullable ConnectToken token(Principal user) {
		TicketUser ticket = this.principals.ticket(user);
		return (ticket != null) ? ticket.token() : null;
	}

	private <T> @Nullable T ask(Function<ConnectAuthenticator, @Nullable T> question) {
		return this.authenticators.all().stream().map(question).filter(Objects::nonNull).findFirst().orElse(null);
	}

}
