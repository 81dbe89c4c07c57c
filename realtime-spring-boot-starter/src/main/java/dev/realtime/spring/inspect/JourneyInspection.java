package dev.realtime.spring.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.connection.Connection;
import dev.realtime.hub.Hub;
import dev.realtime.journey.Journey;
import org.jspecify.annotations.Nullable;

/** What this node knows of messages that asked for their journey. Safe for any thread. */
final class JourneyInspection {

	/** Most slow connections that are listed for a message. */
	static final int MAX_SLOW = 5;

	private final Hub hub;

	private final String node;

	private final Function<Connection, Map<String, Object>> summary;

	/**
	 * Creates it.
	 * @param summary describes a connection
	 */
	JourneyInspection(Hub hub, String node, Function<Connection, Map<String, Object>> summary) {
		this.hub = hub;
		this.node = node;
		this.summary = summary;
	}

	/** Those that are kept, the latest first. */
	List<Map<String, Object>> latest() {
		return this.hub.journeys()
			.latest()
			.stream()
			.map((each) -> new JourneyReport(each, this.node).summary())
			.toList();
	}

	/** The journeys of a message on this node. */
	List<Map<String, Object>> find(Question question) {
		return this.hub.journeys().find(question.position, question.topic).stream().map(this::members).toList();
	}

	private Map<String, Object> members(Journey journey) {
		Map<String, Object> members = new JourneyReport(journey, this.node).members();
		if (journey.waiting() > 0) {
			members.put("slowConnections",
					this.hub.connections()
						.stream()
						.filter((each) -> each.waiting().bytes() > 0 && each.isSubscribedTo(journey.topic()))
						.limit(MAX_SLOW)
						.map(this.summary)
						.toList());
		}
		return members;
	}

	/**
	 * Gathers what nodes know: an object for each node and journey, and the longest time
	 * of all.
	 */
	static Map<String, Object> gathered(Question question, FleetAnswers found) {
		Map<String, Object> shown = new LinkedHashMap<>();
		shown.put("message", question.position.toString());
		List<Map<String, Object>> nodes = new ArrayList<>();
		for (Map<String, Object> answer : found.answers()) {
			nodes.addAll(ofNode(answer));
		}
		nodes.stream()
			.filter((each) -> each.containsKey("slowest"))
			.max(Comparator.comparingDouble(JourneyInspection::slowestMillis))
			.ifPresent((each) -> shown.put("slowest", each.get("slowest")));
		found.missing().forEach((each) -> nodes.add(Map.of("node", each, "answered", false)));
		shown.put("nodes", nodes);
		return shown;
	}

	private static double slowestMillis(Map<String, Object> journey) {
		return (journey.get("slowestMillis") instanceof Number millis) ? millis.doubleValue() : 0;
	}

	private static List<Map<String, Object>> ofNode(Map<String, Object> answer) {
		List<Map<String, Object>> journeys = new ArrayList<>();
		if (answer.get("journeys") instanceof List<?> list) {
			for (Object journey : list) {
				Map<String, Object> shown = shown(answer, true);
				((Map<?, ?>) journey).forEach((name, value) -> shown.put(String.valueOf(name), value));
				journeys.add(shown);
			}
		}
		return journeys.isEmpty() ? List.of(shown(answer, false)) : journeys;
	}

	private static Map<String, Object> shown(Map<String, Object> answer, boolean noted) {
		Map<String, Object> shown = new LinkedHashMap<>();
		shown.put("node", String.valueOf(answer.get("node")));
		shown.put("answered", true);
		shown.put("noted", noted);
		if (answer.containsKey("problem")) {
			shown.put("problem", String.valueOf(answer.get("problem")));
		}
		return shown;
	}

	/**
	 * Which message is asked about.
	 *
	 * @param topic null for that of any topic
	 */
	record Question(Position position, @Nullable Topic topic) {

		/**
		 * Reads what an operator asks.
		 * @param message its id: epoch and number
		 * @throws IllegalArgumentException when that is no id, or the topic is none
		 */
		static Question of(String message, @Nullable String topic) {
			return new Question(position(message), (topic != null) ? Topic.of(topic) : null);
		}

		/**
		 * Reads a message's id: epoch and number.
		 * @throws IllegalArgumentException when it is none
		 */
		static Position position(String message) {
			int dash = message.lastIndexOf('-');
			try {
				return new Position(message.substring(0, Math.max(0, dash)),
						Long.parseLong(message.substring(dash + 1)));
			}
			catch (NumberFormatException ex) {
				throw new IllegalArgumentException(
						"A message's id is its epoch and its number, such as k3x9-42, not \"" + message + '"', ex);
			}
		}

		/** Reads what {@link #word()} has written. */
		static Question read(String word) {
			int space = word.indexOf(' ');
			return (space < 0) ? of(word, null) : of(word.substring(0, space), word.substring(space + 1));
		}

		/** Returns it in one word, for other nodes. */
		String word() {
			return this.position + ((this.topic != null) ? " " + this.topic.name() : "");
		}

	}

}
