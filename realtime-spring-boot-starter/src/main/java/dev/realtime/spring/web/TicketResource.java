package dev.realtime.spring.web;

import java.security.Principal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import dev.realtime.json.Json;
import dev.realtime.spring.RefusedException;
import dev.realtime.spring.stream.StreamAnswer;
import dev.realtime.spring.ticket.Tickets;

import org.springframework.http.HttpStatus;

/** Gives a ticket to the user whom the application's HTTP security has found. */
final class TicketResource implements HttpResource.Provider {

	/** A body says nothing here, but clients may send one. */
	private static final int MAX_BODY = 4_096;

	private final Tickets tickets;

	private final Executor writers;

	TicketResource(Tickets tickets, Executor writers) {
		this.tickets = tickets;
		this.writers = writers;
	}

	@Override
	public List<HttpResource> resources() {
		return List.of(HttpResource.post(List.of("/ticket"), MAX_BODY, this::issue));
	}

	private CompletionStage<StreamAnswer> issue(ResourceRequest request) {
		Principal user = request.user();
		return Answer.to(() -> {
			if (user == null) {
				throw new RequestRefusedException(HttpStatus.UNAUTHORIZED, "no-user",
						"Log in first: a ticket is for a user");
			}
			return issue(user);
		}, (ticket) -> Answer.document(new Json(128).open('{')
			.optional("ticket", ticket)
			.name("expiresInMs")
			.value(this.tickets.time().toMillis())
			.close('}')), this.writers);
	}

	/** A store that is away is no fault of the client's. */
	private CompletionStage<String> issue(Principal user) {
		try {
			return CompletableFuture.completedStage(this.tickets.issue(user));
		}
		catch (RefusedException ex) {
			throw new RequestRefusedException(HttpStatus.FORBIDDEN, ex.sentence());
		}
		catch (Exception ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

}
