package dev.realtime.spring.actuate;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.realtime.Topic;
import dev.realtime.spring.inspect.BusyException;
import dev.realtime.spring.inspect.FleetDrain;
import dev.realtime.spring.inspect.FleetJourneys;
import dev.realtime.spring.sessions.FoundSessions;
import dev.realtime.spring.sessions.RealtimeSessions;
import dev.realtime.spring.sessions.SessionInfo;
import dev.realtime.spring.sessions.SessionQuery;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.lang.Nullable;

/**
 * {@link RealtimeSessions} for operators: find sessions (GET), carry out a command (POST
 * with its name), disconnect a session (DELETE with its id). Commands are {@code block},
 * {@code unblock}, {@code disconnect}, {@code unsubscribe}, {@code revoke} and
 * {@code recheck}, for a node {@code drain} and {@code resume}, and for a topic
 * {@code trace}.
 */
@Endpoint(id = "realtimesessions")
public final class SessionsEndpoint {

	private static final long WAIT_SECONDS = 10;

	/** How many messages of a topic have their journeys noted if no number is given. */
	private static final int TRACED = 10;

	private static final String REASON = "disconnected by an operator";

	/** On whose behalf, if it is not known. */
	static final String OPERATOR = "an operator";

	private final RealtimeSessions sessions;

	private final ObjectProvider<FleetDrain> drains;

	private final ObjectProvider<FleetJourneys> journeys;

	SessionsEndpoint(RealtimeSessions sessions, ObjectProvider<FleetDrain> drains,
			ObjectProvider<FleetJourneys> journeys) {
		this.sessions = sessions;
		this.drains = drains;
		this.journeys = journeys;
	}

	/** Sessions that match everything that is given, and who is blocked. */
	@ReadOperation
	public Map<String, Object> find(@Nullable String user, @Nullable String node, @Nullable String address,
			@Nullable String topic, @Nullable Integer limit) {
		FoundSessions found = await(() -> this.sessions
			.find(new SessionQuery(user, node, address, topic, (limit != null) ? limit : SessionQuery.DEFAULT_LIMIT)));
		Map<String, Object> shown = new LinkedHashMap<>();
		shown.put("sessions", found.sessions().stream().map(SessionsEndpoint::shown).toList());
		shown.put("more", found.more());
		shown.put("nodes", new TreeSet<>(found.nodes()));
		shown.put("blocked", this.sessions.blockedUsers());
		return shown;
	}

	/**
	 * Carries out a command.
	 * @param duration how long a user is blocked, such as {@code 1h} or {@code PT1H}
	 * @param token the id of a token to revoke; without it, the user's tokens that were
	 * issued before {@code issuedBefore}, which is now if it is not given
	 * @param node the id of the node that is drained or resumed
	 * @param messages how many next messages of the topic have their journeys noted, for
	 * each node; 10 if it is not given
	 */
	@WriteOperation
	public Map<String, Object> command(@Selector String command, @Nullable String user, @Nullable String duration,
			@Nullable String reason, @Nullable String topic, @Nullable String token, @Nullable String issuedBefore,
			@Nullable String node, @Nullable Integer messages) {
		return command(command, new Parameters(user, duration, reason, topic, token, issuedBefore, node, messages),
				OPERATOR);
	}

	/** Carries out a command; by is on whose behalf. */
	Map<String, Object> command(String command, Parameters given, String by) {
		if (command.equals("drain") || command.equals("resume")) {
			FleetDrain drain = this.drains.getObject();
			return await(() -> command.equals("drain") ? drain.drain(given("node", given.node), by)
					: drain.resume(given("node", given.node), by));
		}
		if (command.equals("trace")) {
			FleetJourneys journeys = this.journeys.getObject();
			return await(() -> journeys.trace(Topic.of(given("topic", given.topic)),
					(given.messages != null) ? given.messages : TRACED));
		}
		Object outcome = switch (command) {
			case "block" -> await(() -> this.sessions.block(given("user", given.user), duration(given.duration)));
			case "unblock" -> await(() -> this.sessions.unblock(given("user", given.user)));
			case "disconnect" -> await(() -> this.sessions.disconnectUser(given("user", given.user),
					(given.reason != null) ? given.reason : REASON));
			case "unsubscribe" ->
				await(() -> this.sessions.unsubscribe(given("user", given.user), given("topic", given.topic)));
			case "revoke" -> await(() -> (given.token != null) ? this.sessions.revokeToken(given.token)
					: this.sessions.revokeTokens(given("user", given.user), time(given.issuedBefore)));
			case "recheck" -> await(() -> recheck(given.user, given.topic));
			default -> throw new InvalidEndpointRequestException("There is no command " + command,
					"Commands are block, unblock, disconnect, unsubscribe, revoke, recheck, drain, resume and trace");
		};
		return Map.of("outcome", Boolean.FALSE.equals(outcome) ? "unknown" : "done");
	}

	/** Disconnects a session; it is no error if there is none of this id. */
	@DeleteOperation
	public Map<String, Object> disconnect(@Selector String session, @Nullable String reason) {
		Object unused = await(() -> this.sessions.disconnectSession(session, (reason != null) ? reason : REASON));
		return Map.of("outcome", "done");
	}

	private CompletionStage<Void> recheck(@Nullable String user, @Nullable String topic) {
		if (user != null && topic != null) {
			throw new IllegalArgumentException("The command takes \"user\" or \"topic\", not both");
		}
		return (user != null) ? this.sessions.recheckUser(user)
				: (topic != null) ? this.sessions.recheckTopics(topic) : this.sessions.recheckAll();
	}

	private static Map<String, Object> shown(SessionInfo session) {
		Map<String, Object> shown = new LinkedHashMap<>();
		shown.put("id", session.id());
		shown.put("node", session.node());
		if (session.user() != null) {
			shown.put("user", session.user());
		}
		if (session.address() != null) {
			shown.put("address", session.address());
		}
		shown.put("connectedAt", session.connectedAt().toString());
		return shown;
	}

	private static String given(String name, @Nullable String value) {
		if (value == null) {
			throw new IllegalArgumentException("The command needs \"" + name + '"');
		}
		return value;
	}

	private static Duration duration(@Nullable String text) {
		return DurationStyle.detectAndParse(given("duration", text));
	}

	private static Instant time(@Nullable String text) {
		try {
			return (text != null) ? Instant.parse(text) : Instant.now();
		}
		catch (DateTimeParseException ex) {
			throw new IllegalArgumentException("issuedBefore looks like 2026-11-28T09:00:00Z", ex);
		}
	}

	private static <T> T await(Command<T> command) {
		try {
			return command.begin().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidEndpointRequestException(ex.getMessage(), ex.getMessage(), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for the store of commands", ex);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof BusyException busy) {
				throw busy;
			}
			throw new IllegalStateException("The command failed: " + ex.getCause(), ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new IllegalStateException("The store of commands did not answer within " + WAIT_SECONDS + " s", ex);
		}
	}

	/** What a command is about; what it does not need is null. */
	record Parameters(@Nullable String user, @Nullable String duration, @Nullable String reason, @Nullable String topic,
			@Nullable String token, @Nullable String issuedBefore, @Nullable String node, @Nullable Integer messages) {
	}

	@FunctionalInterface
	private interface Command<T> {

		CompletionStage<T> begin();

	}

}
