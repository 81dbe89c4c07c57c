package dev.realtime.spring.inspect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.inspect.NodeInspection.About;
import org.jspecify.annotations.Nullable;

/**
 * Explains this node and its fleet to operators. Other nodes are asked over the relay and
 * have a second to answer; those that answered lately and do not answer now are in
 * {@code noAnswer}. If the relay is away this node answers alone and {@code problem} says
 * so. Payloads of messages are never shown. Safe for any number of threads; does not
 * block.
 */
public final class Inspector {

	/** How many of a topic's last messages are shown. */
	private static final int LAST_MESSAGES = 10;

	/** Most events and topics that an answer has. */
	private static final int MOST = 200;

	private final FleetInspection fleet;

	private final RealtimeNode node;

	private final TopicMessages messages;

	Inspector(FleetInspection fleet, RealtimeNode node, int topicReads) {
		this.fleet = fleet;
		this.node = node;
		this.messages = new TopicMessages(node, topicReads);
	}

	/**
	 * What each node is, what it counts, and whether its broker is connected.
	 * @param fleet whether other nodes are asked as well
	 */
	public CompletionStage<Map<String, Object>> nodes(boolean fleet) {
		return this.fleet.ask(About.NODE, "", fleet).thenApply((found) -> {
			Map<String, Object> shown = new LinkedHashMap<>();
			shown.put("node", this.node.id());
			return withNodes(shown, found);
		});
	}

	/**
	 * The rule and policy of a topic, its position and last messages in the log, how many
	 * members are present, and how far each node has delivered it.
	 * @throws dev.realtime.IllegalTopicException if this is not the name of a topic
	 */
	public CompletionStage<Map<String, Object>> topic(String name, boolean fleet) {
		Topic topic = Topic.of(name);
		Map<String, Object> shown = new LinkedHashMap<>();
		shown.put("topic", topic.name());
		shown.put("rule", this.node.policies().ruleOf(topic));
		shown.put("policy", members(this.node.policies().of(topic)));
		TopicLog log = this.node.broker().log();
		return log.peek(List.of(topic)).thenCombine(log.readBefore(topic, null, LAST_MESSAGES), (heads, page) -> {
			shown.put("log", log(heads.get(0), page));
			return shown;
		})
			.thenCombine(this.node.presence().count(topic), (known, members) -> put(known, "present", members))
			.thenCombine(this.fleet.ask(About.TOPIC, name, fleet), Inspector::withNodes);
	}

	/**
	 * What was published on a topic after a position, without payloads; see
	 * {@link TopicMessages}.
	 * @param after the {@code next} of the answer before; null to begin with what is
	 * published from now on
	 * @throws IllegalArgumentException if that is no position, or no name of a topic
	 */
	public CompletionStage<Map<String, Object>> messages(String name, @Nullable String after) {
		return this.messages.after(Topic.of(name), (after != null) ? JourneyInspection.Question.position(after) : null);
	}

	/**
	 * What a user does: for each node its last events since the first of these questions,
	 * {@code realtime.inspector.followed-events} at most.
	 */
	public CompletionStage<Map<String, Object>> activity(String user, boolean fleet) {
		return this.fleet.ask(About.ACTIVITY, user, fleet).thenApply((found) -> {
			Map<String, Object> shown = new LinkedHashMap<>();
			shown.put("user", user);
			return withNodes(shown, found);
		});
	}

	/**
	 * The connections of a user: for each node at most
	 * {@value NodeInspection#MAX_CONNECTIONS}.
	 */
	public CompletionStage<Map<String, Object>> user(String name, boolean fleet) {
		return this.fleet.ask(About.USER, name, fleet).thenApply((found) -> {
			Map<String, Object> shown = new LinkedHashMap<>();
			shown.put("user", name);
			shown.put("connections", all(found, "connections").toList());
			return withProblems(shown, found);
		});
	}

	/**
	 * A connection by its id. Empty if no node has it; if no node that answered has it
	 * and others did not answer, these are named, and {@code node} is missing.
	 */
	public CompletionStage<Map<String, Object>> connection(String id, boolean fleet) {
		return this.fleet.ask(About.CONNECTION, id, fleet)
			.thenApply((found) -> all(found, "connections").findFirst().orElseGet(() -> {
				Map<String, Object> shown = withProblems(new LinkedHashMap<>(Map.of("id", id)), found);
				boolean complete = found.asked() && found.missing().isEmpty() && !shown.containsKey("problems");
				return complete ? Map.of() : shown;
			}));
	}

	/**
	 * What went wrong lately, the latest first: a third for each kind at least, if there
	 * are as many.
	 */
	public CompletionStage<Map<String, Object>> recent(boolean fleet) {
		return this.fleet.ask(About.RECENT, "", fleet).thenApply((found) -> {
			Map<String, Object> shown = new LinkedHashMap<>();
			shown.put("events", RecentEvents.latest(all(found, "events").toList(),
					(event) -> String.valueOf(event.get("kind")), Inspector::time, MOST));
			return withProblems(shown, found);
		});
	}

	/**
	 * The topics with the most subscribers on one node, and the connections for which the
	 * most bytes wait.
	 */
	public CompletionStage<Map<String, Object>> top(boolean fleet) {
		return this.fleet.ask(About.TOP, "", fleet).thenApply((found) -> {
			Map<String, Object> shown = new LinkedHashMap<>();
			shown.put("topics",
					all(found, "topics").sorted(Comparator.comparing(Inspector::subscribers).reversed())
						.limit(MOST)
						.toList());
			shown.put("connections",
					all(found, "connections").sorted(Comparator.comparing(Inspector::queuedBytes).reversed())
						.limit(MOST)
						.toList());
			return withProblems(shown, found);
		});
	}

	/** The last messages of this node that asked for their journey, the latest first. */
	public CompletionStage<Map<String, Object>> journeys() {
		return this.fleet.ask(About.JOURNEYS, "", false).thenApply((found) -> found.answers().get(0));
	}

	/**
	 * When a message reached which stage on each node, and which time between two stages
	 * was the longest. Empty if no node knows; if no node that answered does and others
	 * did not answer, these are named.
	 * @param message the message's id: epoch and number
	 * @param topic null if the epoch is of one topic, as it mostly is
	 * @throws IllegalArgumentException if that is no id, or no name of a topic
	 */
	public CompletionStage<Map<String, Object>> journey(String message, @Nullable String topic, boolean fleet) {
		JourneyInspection.Question question = JourneyInspection.Question.of(message, topic);
		return this.fleet.ask(About.JOURNEY, question.word(), fleet).thenApply((found) -> {
			Map<String, Object> shown = withMissing(JourneyInspection.gathered(question, found), found);
			boolean complete = found.asked() && found.missing().isEmpty();
			return (complete && !shown.containsKey("slowest")) ? Map.of() : shown;
		});
	}

	private static Map<String, Object> members(TopicPolicy policy) {
		Map<String, Object> members = new LinkedHashMap<>();
		members.put("historySize", policy.historySize());
		members.put("historyTime", policy.historyTime().toString());
		members.put("queueMessages", policy.queueMessages());
		members.put("queueBytes", policy.queueBytes());
		members.put("overflow", policy.overflow().toString());
		members.put("presence", policy.presence());
		members.put("durable", policy.durable());
		members.put("clientPublish", policy.clientPublish());
		if (policy.rate().isLimited()) {
			members.put("rate", policy.rate().messagesPerSecond() + " " + policy.rate().policy());
		}
		return members;
	}

	private static Map<String, Object> log(Position head, LogPage page) {
		Map<String, Object> members = new LinkedHashMap<>();
		members.put("position", NodeInspection.members(head));
		List<TopicMessage> messages = (page instanceof LogPage.Found found) ? found.messages() : List.of();
		members.put("lastMessages", messages.stream().map(TopicMessages::members).toList());
		return members;
	}

	private static Map<String, Object> withNodes(Map<String, Object> shown, FleetAnswers found) {
		shown.put("nodes", found.answers());
		return withMissing(shown, found);
	}

	/** Names the nodes that did not answer, and says if they could not be asked. */
	private static Map<String, Object> withMissing(Map<String, Object> shown, FleetAnswers found) {
		shown.put("noAnswer", found.missing());
		return found.asked() ? shown : put(shown, "problem", "The other nodes could not be asked");
	}

	/** Names the nodes whose answers are not in what is shown. */
	private static Map<String, Object> withProblems(Map<String, Object> shown, FleetAnswers found) {
		withMissing(shown, found);
		List<Map<String, Object>> problems = found.answers()
			.stream()
			.filter((answer) -> answer.containsKey("problem"))
			.toList();
		return problems.isEmpty() ? shown : put(shown, "problems", problems);
	}

	private static Map<String, Object> put(Map<String, Object> shown, String name, Object value) {
		shown.put(name, value);
		return shown;
	}

	/** All elements of the list of that name, each with the node that told it. */
	private static Stream<Map<String, Object>> all(FleetAnswers found, String list) {
		List<Map<String, Object>> all = new ArrayList<>();
		for (Map<String, Object> answer : found.answers()) {
			if (answer.get(list) instanceof Collection<?> elements) {
				for (Object element : elements) {
					Map<String, Object> shown = new LinkedHashMap<>();
					shown.put("node", String.valueOf(answer.get("node")));
					((Map<?, ?>) element).forEach((name, value) -> shown.put(String.valueOf(name), value));
					all.add(shown);
				}
			}
		}
		return all.stream();
	}

	private static Instant time(Map<String, Object> event) {
		return Instant.parse(String.valueOf(event.get("time")));
	}

	private static long subscribers(Map<String, Object> topic) {
		return number(topic.get("subscribers"));
	}

	private static long queuedBytes(Map<String, Object> connection) {
		return (connection.get("queue") instanceof Map<?, ?> queue) ? number(queue.get("bytes")) : 0;
	}

	private static long number(@Nullable Object value) {
		return (value instanceof Number number) ? number.longValue() : 0;
	}

}
