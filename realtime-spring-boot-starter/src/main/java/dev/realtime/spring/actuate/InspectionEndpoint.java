package dev.realtime.spring.actuate;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import dev.realtime.spring.inspect.BusyException;
import dev.realtime.spring.inspect.Inspector;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.lang.Nullable;

/**
 * {@link Inspector} for operators: the nodes (GET), and below it {@code topics/<topic>},
 * {@code users/<user>}, {@code connections/<id>}, {@code recent}, {@code top},
 * {@code journeys}, {@code journeys/<message>}, and, to follow what happens,
 * {@code messages/<topic>} and {@code activity/<user>}. A name may also be given as
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
	 * @param after the position after which messages are wanted; null for none yet
	 * @return null, which is 404, if there is nothing of this name and all nodes have
	 * answered
	 */
	@ReadOperation
	public @Nullable Map<String, Object> find(@Selector(match = Selector.Match.ALL_REMAINING) String[] path,
			@Nullable String name, @Nullable String topic, @Nullable String after, @Nullable Boolean fleet) {
		if (name != null) {
			return (path.length == 1) ? find(path[0], name, topic, after, fleet) : null;
		}
		return find(path[0], String.join("/", Arrays.asList(path).subList(1, path.length)), topic, after, fleet);
	}

	private @Nullable Map<String, Object> find(String kind, String name, @Nullable String topic, @Nullable String after,
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
			case "topics" -> good(() -> this.inspector.topic(name, isFleet(fleet)));
			case "users" -> await(this.inspector.user(name, isFleet(fleet)));
			case "connections" -> unlessEmpty(await(this.inspector.connection(name, isFleet(fleet))));
			case "journeys" -> unlessEmpty(good(() -> this.inspector.journey(name, topic, isFleet(fleet))));
			case "messages" -> good(() -> this.inspector.messages(name, after));
			case "activity" -> await(this.inspector.activity(name, isFleet(fleet)));
			default -> null;
		};
	}

	private static @Nullable Map<String, Object> unlessEmpty(Map<String, Object> found) {
		return found.isEmpty() ? null : found;
	}

	/** Answers a question whose name or parameter may be none. */
	private static Map<String, Object> good(Supplier<CompletionStage<Map<String, Object>>> question) {
		CompletionStage<Map<String, Object>> answer;
		try {
			answer = question.get();
		}
		catch (IllegalArgumentException ex) {
			String reason = String.valueOf(ex.getMessage());
			throw new InvalidEndpointRequestException(reason, reason, ex);
		}
		return await(answer);
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
			if (ex.getCause() instanceof BusyException busy) {
				throw busy;
			}
			throw new IllegalStateException("The request could not be answered: " + ex.getCause(), ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new IllegalStateException("The log or the fleet did not answer within " + WAIT_SECONDS + " s", ex);
		}
	}

}
