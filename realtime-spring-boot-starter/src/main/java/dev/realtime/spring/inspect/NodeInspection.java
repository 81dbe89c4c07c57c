package dev.realtime.spring.inspect;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.connection.Connection;
import dev.realtime.connection.Subscriber;
import dev.realtime.connection.Waiting;
import dev.realtime.hub.HubStats;
import dev.realtime.loop.LoopState;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.drain.NodeDrain;
import dev.realtime.spring.sessions.SessionDoor;
import dev.realtime.spring.sessions.SessionInfo;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows, and the commands that it carries out itself. Every answer
 * consists of maps, lists, texts, numbers and truth values alone, so that it can be sent
 * to another node. Safe for any thread; does not block.
 */
final class NodeInspection {

	/** Most connections that one answer describes. */
	static final int MAX_CONNECTIONS = 20;

	/** Most subscriptions of a connection that are listed. */
	static final int MAX_SUBSCRIPTIONS = 20;

	/** Most events or topics that one answer has. */
	static final int MAX_EVENTS = 100;

	private final RealtimeNode node;

	private final Loops loops;

	private final SessionDoor door;

	private final RecentEvents recent;

	private final String role;

	private final UserActivity activity;

	private final NodeDrain drain;

	private final JourneyInspection journeys;

	NodeInspection(RealtimeNode node, Loops loops, SessionDoor door, RecentEvents recent, UserActivity activity,
			NodeDrain drain, String role) {
		this.node = node;
		this.loops = loops;
		this.door = door;
		this.recent = recent;
		this.activity = activity;
		this.drain = drain;
		this.role = role;
		this.journeys = new JourneyInspection(node.hub(), node.id(), this::summary);
	}

	/**
	 * Answers a question, or carries out a command.
	 * @param about what is asked about
	 * @param name of the topic, user or connection, or which message, or on whose behalf;
	 * empty otherwise
	 */
	Map<String, Object> answer(About about, String name) {
		Map<String, Object> answer = new LinkedHashMap<>();
		answer.put("node", this.node.id());
		switch (about) {
			case NODE -> node(answer);
			case TOPIC -> topic(answer, Topic.of(name));
			case USER -> answer.put("connections", connections(name));
			case CONNECTION -> {
				Connection connection = this.node.hub().connection(name);
				answer.put("connections", (connection != null) ? List.of(connection(connection)) : List.of());
			}
			case RECENT ->
				answer.put("events", this.recent.latest(MAX_EVENTS).stream().map(RecentEvent::members).toList());
			case JOURNEYS -> answer.put("journeys", this.journeys.latest());
			case TRACE -> trace(answer, FleetJourneys.Request.read(name));
			case JOURNEY -> answer.put("journeys", this.journeys.find(JourneyInspection.Question.read(name)));
			case TOP -> {
				answer.put("topics", busiest());
				answer.put("connections", slowest());
			}
			case ACTIVITY -> this.activity.answer(name, answer);
			case DRAIN -> command(answer, () -> this.drain.drain(name));
			case RESUME -> command(answer, () -> this.drain.resume(name));
		}
		return answer;
	}

	private void trace(Map<String, Object> answer, FleetJourneys.Request request) {
		try {
			this.node.journeyRequests().ask(request.topic(), request.messages());
			answer.put("outcome", "done");
		}
		catch (IllegalStateException ex) {
			answer.put("outcome", "failed");
			answer.put("problem", String.valueOf(ex.getMessage()));
		}
	}

	/** The outcome is unchanged if the node was in that state before. */
	private void command(Map<String, Object> answer, BooleanSupplier command) {
		try {
			answer.put("outcome", command.getAsBoolean() ? "done" : "unchanged");
			answer.put("drain", this.drain.state().word());
			answer.put("connections", this.node.hub().stats().connections());
		}
		catch (IllegalStateException ex) {
			answer.put("outcome", "failed");
			answer.put("problem", String.valueOf(ex.getMessage()));
		}
	}

	private void node(Map<String, Object> answer) {
		HubStats stats = this.node.hub().stats();
		answer.put("role", this.role);
		answer.put("serving", this.node.isServing());
		answer.put("drain", this.drain.state().word());
		answer.put("broker", broker());
		answer.put("connections", stats.connections());
		answer.put("subscriptions", stats.subscriptions());
		answer.put("topics", this.node.hub().topics());
		answer.put("topicsBehind", this.node.hub().topicsBehind());
		answer.put("queuedBytes", stats.queuedBytes());
		answer.put("published", this.node.published());
		answer.put("publishFailures", this.node.publishFailures());
		answer.put("delivered", stats.delivered());
		answer.put("gaps", stats.gaps());
		answer.put("overflows", stats.overflows());
		answer.put("stalledLoops",
				this.loops.states().stream().filter(LoopState::stalled).map(LoopState::name).toList());
	}

	private Map<String, Object> broker() {
		Map<String, Object> broker = new LinkedHashMap<>();
		broker.put("connected", this.node.broker().isConnected());
		broker.put("usable", this.node.broker().isUsable());
		String problem = this.node.broker().problem();
		if (problem != null) {
			broker.put("problem", problem);
		}
		return broker;
	}

	private void topic(Map<String, Object> answer, Topic topic) {
		answer.put("subscribers", this.node.hub().subscribers(topic));
		Position position = this.node.hub().position(topic);
		if (position != null) {
			answer.put("delivered", members(position));
		}
		answer.put("connections",
				this.node.hub()
					.connections()
					.stream()
					.filter((connection) -> connection.isSubscribedTo(topic))
					.limit(MAX_CONNECTIONS)
					.map(NodeInspection::named)
					.toList());
	}

	private List<Map<String, Object>> connections(String user) {
		return this.node.hub()
			.connections()
			.stream()
			.filter((connection) -> user.equals(connection.user()))
			.limit(MAX_CONNECTIONS)
			.map(this::connection)
			.toList();
	}

	private Map<String, Object> connection(Connection connection) {
		Map<String, Object> members = summary(connection);
		members.put("controlEvents", connection.wantsControlEvents());
		members.put("closing", connection.isGone());
		Duration roundTrip = connection.roundTrip();
		if (roundTrip != null) {
			members.put("roundTripMillis", TimeUnit.NANOSECONDS.toMicros(roundTrip.toNanos()) / 1_000.0);
		}
		List<Subscriber> subscribers = connection.subscribers();
		members.put("subscriptions",
				subscribers.stream()
					.limit(MAX_SUBSCRIPTIONS)
					.map((each) -> Map.of("id", each.id(), "topic", each.topic().name()))
					.toList());
		members.put("moreSubscriptions", Math.max(0, subscribers.size() - MAX_SUBSCRIPTIONS));
		return members;
	}

	private static Map<String, Object> named(Connection connection) {
		Map<String, Object> members = new LinkedHashMap<>();
		members.put("id", connection.id());
		put(members, "user", connection.user());
		return members;
	}

	/** What is known of a connection without its subscriptions, which may be long. */
	private Map<String, Object> summary(Connection connection) {
		Map<String, Object> members = named(connection);
		SessionInfo session = this.door.session(connection.id(), this.node.id());
		if (session != null) {
			put(members, "address", session.address());
			members.put("connectedAt", session.connectedAt().toString());
		}
		Waiting waiting = connection.waiting();
		members.put("queue", Map.of("frames", waiting.frames(), "bytes", waiting.bytes()));
		return members;
	}

	/** The topics with the most subscribers of this node. */
	private List<Map<String, Object>> busiest() {
		return this.node.hub()
			.subscriberCounts()
			.entrySet()
			.stream()
			.sorted(Map.Entry.<Topic, Integer>comparingByValue(Comparator.reverseOrder()))
			.limit(MAX_EVENTS)
			.map((each) -> Map.<String, Object>of("topic", each.getKey().name(), "subscribers", each.getValue()))
			.toList();
	}

	/** The connections for which the most bytes wait. */
	private List<Map<String, Object>> slowest() {
		record Slow(Connection connection, int bytes) {
		}
		return this.node.hub()
			.connections()
			.stream()
			.map((each) -> new Slow(each, each.waiting().bytes()))
			.filter((each) -> each.bytes > 0)
			.sorted(Comparator.comparingInt(Slow::bytes).reversed())
			.limit(MAX_CONNECTIONS)
			.map((each) -> summary(each.connection))
			.toList();
	}

	static Map<String, Object> members(Position position) {
		return Map.of("epoch", position.epoch(), "seq", position.seq());
	}

	private static void put(Map<String, Object> members, String name, @Nullable String value) {
		if (value != null) {
			members.put(name, value);
		}
	}

	/** What a question is about. */
	enum About {

		NODE, TOPIC, USER, CONNECTION, RECENT, TOP, JOURNEYS, JOURNEY, ACTIVITY, TRACE, DRAIN, RESUME;

		/** Whether one node is to do something, instead of all to say something. */
		boolean isCommand() {
			return this == DRAIN || this == RESUME;
		}

	}

}
