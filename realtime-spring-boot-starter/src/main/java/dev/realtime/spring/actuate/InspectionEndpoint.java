package dev.realtime.spring.actuate;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.realtime.IllegalTopicException;
import dev.realtime.spring.inspect.Inspector;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.lang.Nullable;

/**
 * {@link Inspector} for operators: the nodes (GET), and below it {@code topics/<topic>},
 * {@code users/<user>}, {@code connections/<id>}, {@code recent}, {@code top},
 * {@code journeys} and {@code journeys/<message>}. A name may also be given as
 * {@code name}, for names that a path cannot carry. With {@code fleet=false} this node
 * alone answers, at once.
 */
@Endpoint(id = "realtime")
public final class InspectionEndpoint {

	private static final long WAIT_SECONDS = 10;

	private final Inspector inspector;

	InspectionEndpoint(Inspector inspector) {
		this.inspector = inspector;
	}

	/** The nodes of the fleet. */
	@ReadOperation
	public Map<String, Object> nodes(@Nullable Boolean fleet) {
		return await(this.inspector.nodes(isFleet(fleet)));
	}

	/**
	 * A topic, a user, a connection, a message's journey, or what happened lately.
	 * @param path the kind, and the name unless {@code name} has it
	 * @param topic of the message; null for that of any topic
	 * @return null, which is 404, if there is nothing of this name and all nodes have
	 * answered
	 */
	@ReadOperation
	public @Nullable Map<String, Object> find(@Selector(match = Selector.Match.ALL_REMAINING) String[] path,
			@Nullable String name, @Nullable String topic, @Nullable Boolean fleet) {
		if (name != null) {
			return (path.length == 1) ? find(path[0], name, topic, fleet) : null;
		}
		return find(path[0], String.join("/", Arrays.asList(path).subList(1, path.length)), topic, fleet);
	}

	private @Nullable Map<String, Object> find(String kind, String name, @Nullable String topic,
			@Nullable Boolean fleet) {
		if (name.isEmpty()) {
			return switch (kind) {
				case "recent" -> await(this.inspector.recent(isFleet(fleet)));
				case "top" -> await(this.inspector.top(isFleet(fleet)));
				case "journeys" -> await(this.inspector.journeys());
				default -> null;
			};
		}
		return switch (kind) {
			case "topics" -> topic(name, isFleet(fleet));
			case "users" -> await(this.inspector.user(name, isFleet(fleet)));
			case "connections" -> unlessEmpty(await(this.inspector.connection(name, isFleet(fleet))));
			case "journeys" -> unlessEmpty(journey(name, topic, isFleet(fleet)));
			default -> null;
		};
	}

	private static @Nullable Map<String, Object> unlessEmpty(Map<String, Object> found) {
		return found.isEmpty() ? null : found;
	}

	private Map<String, Object> journey(String message, @Nullable String topic, boolean fleet) {
		try {
			return await(this.inspector.journey(message, topic, fleet));
		}
		catch (IllegalArgumentException ex) {
			throw badRequest(ex);
		}
	}

	private Map<String, Object> topic(String name, boolean fleet) {
		try {
			return await(this.inspector.topic(name, fleet));
		}
		catch (IllegalTopicException ex) {
			throw badRequest(ex);
		}
	}

	private static InvalidEndpointRequestException badRequest(IllegalArgumentException cause) {
		String reason = String.valueOf(cause.getMessage());
		return new InvalidEndpointRequestException(reason, reason, cause);
	}

	private static boolean isFleet(@Nullable Boolean fleet) {
		return fleet == null || fleet;
	}

	private static Map<String, Object> await(CompletionStage<Map<String, Object>> answer) {
		try {
			return answer.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for the answer", ex);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("The request could not be answered: " + ex.getCause(), ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new IllegalStateException("The log or the fleet did not answer within " + WAIT_SECONDS + " s", ex);
		}
	}

}
