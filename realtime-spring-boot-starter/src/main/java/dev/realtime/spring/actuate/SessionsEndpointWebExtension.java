package dev.realtime.spring.actuate;

import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import dev.realtime.spring.inspect.BusyException;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.lang.Nullable;

/**
 * The commands of {@link SessionsEndpoint} over HTTP: knows the operator, keeps the audit
 * trail, and answers with a status that says how it went.
 */
@EndpointWebExtension(endpoint = SessionsEndpoint.class)
public final class SessionsEndpointWebExtension {

	private static final int CONFLICT = 409;

	private static final int NO_ANSWER = 504;

	private final SessionsEndpoint endpoint;

	private final CommandTrail trail;

	SessionsEndpointWebExtension(SessionsEndpoint endpoint, CommandTrail trail) {
		this.endpoint = endpoint;
		this.trail = trail;
	}

	/** Carries out a command; its parameters are those of the endpoint. */
	@WriteOperation
	public WebEndpointResponse<Map<String, Object>> command(SecurityContext security, @Selector String command,
			@Nullable String user, @Nullable String duration, @Nullable String reason, @Nullable String topic,
			@Nullable String token, @Nullable String issuedBefore, @Nullable String node, @Nullable Integer messages) {
		String operator = name(security);
		Map<String, Object> data = new LinkedHashMap<>();
		put(data, "user", user);
		put(data, "duration", duration);
		put(data, "reason", reason);
		put(data, "topic", topic);
		put(data, "token", token);
		put(data, "issuedBefore", issuedBefore);
		put(data, "node", node);
		put(data, "messages", (messages != null) ? messages.toString() : null);
		try {
			Map<String, Object> outcome = noted(operator, command, data, () -> this.endpoint.command(command,
					new SessionsEndpoint.Parameters(user, duration, reason, topic, token, issuedBefore, node, messages),
					(operator != null) ? operator : SessionsEndpoint.OPERATOR));
			return new WebEndpointResponse<>(outcome, status(outcome));
		}
		catch (BusyException ex) {
			return new WebEndpointResponse<>(Map.of("outcome", "failed", "problem", String.valueOf(ex.getMessage())),
					WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
		}
	}

	/** Disconnects a session; it is no error if there is none of this id. */
	@DeleteOperation
	public Map<String, Object> disconnect(SecurityContext security, @Selector String session, @Nullable String reason) {
		Map<String, Object> data = new LinkedHashMap<>(Map.of("session", session));
		put(data, "reason", reason);
		return noted(name(security), "disconnect", data, () -> this.endpoint.disconnect(session, reason));
	}

	/** One that fails may have been carried out all the same; a bad request is not. */
	private Map<String, Object> noted(@Nullable String operator, String command, Map<String, Object> data,
			Supplier<Map<String, Object>> task) {
		Map<String, Object> outcome;
		try {
			outcome = task.get();
		}
		catch (IllegalStateException ex) {
			this.trail.note(operator, command, data, "failed");
			throw ex;
		}
		this.trail.note(operator, command, data, String.valueOf(outcome.get("outcome")));
		return outcome;
	}

	/** Only what has a problem is an error: to unblock who is not blocked is none. */
	private static int status(Map<String, Object> outcome) {
		if (!outcome.containsKey("problem")) {
			return WebEndpointResponse.STATUS_OK;
		}
		return switch (String.valueOf(outcome.get("outcome"))) {
			case "unknown" -> WebEndpointResponse.STATUS_NOT_FOUND;
			case "no-answer" -> NO_ANSWER;
			default -> CONFLICT;
		};
	}

	private static @Nullable String name(SecurityContext security) {
		Principal principal = security.getPrincipal();
		return (principal != null) ? principal.getName() : null;
	}

	private static void put(Map<String, Object> data, String name, @Nullable String value) {
		if (value != null) {
			data.put(name, value);
		}
	}

}
