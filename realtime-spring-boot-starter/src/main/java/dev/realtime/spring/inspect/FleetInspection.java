package dev.realtime.spring.inspect;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import dev.realtime.Epochs;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.inspect.NodeInspection.About;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.json.JsonWriter;

/**
 * Asks all nodes a question, in a signal on a topic of the engine's own, and gathers
 * their answers for {@link #TIME}. A node that answered one of the questions of the last
 * ten minutes and does not answer this one is named. If the question cannot be sent, this
 * node's own answer is the only one. A command goes to one node in the same way. Confined
 * to one loop, apart from {@link #ask}, {@link #tell} and {@link #close}.
 */
public final class FleetInspection implements AutoCloseable {

	/** How long answers are gathered. */
	static final Duration TIME = Duration.ofSeconds(1);

	/** How long a node is missed that does not answer any more. */
	static final Duration MISSED = Duration.ofMinutes(10);

	/** Where nodes ask and answer; no destination leads there. */
	static final Topic TOPIC = Topic.of("_fleet.inspection");

	private static final Logger logger = LoggerFactory.getLogger(FleetInspection.class);

	private static final String ASK = "ask";

	private static final String ANSWER = "answer";

	/** Questions of this node that wait for answers. */
	private static final int MAX_QUESTIONS = 16;

	/** Signals that came and wait to be read; more are dropped. */
	private static final int MAX_WAITING = 1_000;

	/** Most nodes that are remembered, and most answers to one question. */
	private static final int MAX_NODES = 1_000;

	/** Most characters of an answer: a signal has room for a few more. */
	private static final int MAX_ANSWER = 60_000;

	private static final Duration CLOSING = Duration.ofSeconds(1);

	private static final JsonWriter<Object> JSON = JsonWriter.standard();

	/** Names this life of this node. */
	private final String life;

	private final RealtimeNode node;

	private final NodeInspection here;

	private final BooleanSupplier shared;

	private final Loop loop;

	private final AtomicInteger waiting = new AtomicInteger();

	private final Map<String, Question> questions = new HashMap<>();

	private final Map<String, Long> heardNanos = new HashMap<>();

	/**
	 * Creates it.
	 * @param shared whether there may be other nodes
	 */
	FleetInspection(RealtimeNode node, NodeInspection here, BooleanSupplier shared, Loops loops) {
		this.node = node;
		this.here = here;
		this.shared = shared;
		this.loop = loops.loop("realtime-inspection");
		this.life = node.id() + '~' + Epochs.next(this.loop.environment().secureRandom());
	}

	/** Begins to answer other nodes. */
	void begin() {
		CompletionStage<Void> unused = this.node.listen(TOPIC, this::onSignal).whenComplete((done, failure) -> {
			if (failure != null) {
				logger.debug("Requests of other nodes cannot be received until the relay is connected", failure);
			}
		});
	}

	/**
	 * Asks; any thread.
	 * @param name of the topic, user or connection, or which message; empty otherwise
	 * @param fleet whether other nodes are asked as well
	 * @return completes within a little more than {@link #TIME}; fails if this node is
	 * closed, and with a {@link BusyException} if too many questions are under way
	 */
	CompletionStage<FleetAnswers> ask(About about, String name, boolean fleet) {
		CompletableFuture<FleetAnswers> result = new CompletableFuture<>();
		if (!this.loop.tryExecute(() -> begin(about, name, fleet && this.shared.getAsBoolean(), result))) {
			result.completeExceptionally(new IllegalStateException("The node is closed"));
		}
		return result;
	}

	/**
	 * Has another node carry out a command; any thread.
	 * @param about a command
	 * @param name on whose behalf
	 * @param to the id of the node, which is not this one
	 * @return completes with this node's answer, or without any after {@link #TIME};
	 * fails as that of {@link #ask}
	 */
	CompletionStage<FleetAnswers> tell(About about, String name, String to) {
		CompletableFuture<FleetAnswers> result = new CompletableFuture<>();
		if (!this.loop.tryExecute(() -> send(about, name, new Question(new ArrayList<>(), to, result)))) {
			result.completeExceptionally(new IllegalStateException("The node is closed"));
		}
		return result;
	}

	private void begin(About about, String name, boolean fleet, CompletableFuture<FleetAnswers> result) {
		if (fleet && isBusy(result)) {
			return;
		}
		Map<String, Object> own;
		try {
			own = this.here.answer(about, name);
		}
		catch (Throwable ex) {
			result.completeExceptionally(ex);
			return;
		}
		if (!fleet) {
			result.complete(new FleetAnswers(List.of(own), List.of(), true));
			return;
		}
		send(about, name, new Question(new ArrayList<>(List.of(own)), null, result));
	}

	private void send(About about, String name, Question question) {
		if (isBusy(question.result)) {
			return;
		}
		String id = Epochs.next(this.loop.environment().secureRandom());
		Map<String, Object> asked = new LinkedHashMap<>(
				Map.of("id", id, "about", about.name().toLowerCase(Locale.ROOT), "name", name));
		if (question.to != null) {
			asked.put("to", question.to);
		}
		this.questions.put(id, question);
		this.loop.after(TIME, () -> complete(id, true));
		CompletionStage<Void> unused = signal(ASK, JSON.writeToString(asked)).whenComplete((done, failure) -> {
			if (failure != null) {
				this.loop.execute(() -> complete(id, false));
			}
		});
	}

	/** Whether no question can be asked now; fails the result then. */
	private boolean isBusy(CompletableFuture<?> result) {
		return this.questions.size() >= MAX_QUESTIONS && result.completeExceptionally(new BusyException(
				MAX_QUESTIONS + " requests to the fleet are in progress on this node, which is the most allowed. "
						+ "Ask again in a moment"));
	}

	/** Completes a question; sent is false if it could not be sent. */
	private void complete(String id, boolean sent) {
		Question question = this.questions.remove(id);
		if (question == null) {
			return;
		}
		long now = this.loop.environment().nanoTime();
		this.heardNanos.values().removeIf((heard) -> now - heard > MISSED.toNanos());
		TreeSet<String> missing = new TreeSet<>(this.heardNanos.keySet());
		question.answers.forEach((answer) -> missing.remove(String.valueOf(answer.get("node"))));
		question.result.complete(new FleetAnswers(question.answers, List.copyOf(missing), sent));
	}

	/** Called on the relay's thread. */
	private void onSignal(Signal signal) {
		String payload = signal.payload();
		if (payload == null || this.life.equals(signal.user())) {
			return;
		}
		if (this.waiting.incrementAndGet() > MAX_WAITING || !this.loop.tryExecute(() -> {
			this.waiting.decrementAndGet();
			heard(signal.type(), JsonParserFactory.getJsonParser().parseMap(payload));
		})) {
			this.waiting.decrementAndGet();
		}
	}

	private void heard(String type, Map<String, Object> payload) {
		switch (type) {
			case ASK -> {
				Object to = payload.get("to");
				if (to == null || to.equals(this.node.id())) {
					answer(payload);
				}
			}
			case ANSWER -> answered(payload);
			default -> logger.debug("Ignored a signal \"{}\" of a newer node", type);
		}
	}

	/** A newer node may ask what this version does not know. */
	private Map<String, Object> answerOf(Map<String, Object> asked) {
		String about = String.valueOf(asked.get("about"));
		for (About known : About.values()) {
			// a command has the name of its node
			if (known.name().equalsIgnoreCase(about) && known.isCommand() == asked.containsKey("to")) {
				return this.here.answer(known, String.valueOf(asked.get("name")));
			}
		}
		return Map.of("node", this.node.id(), "problem", "the version of this node cannot answer this");
	}

	private void answer(Map<String, Object> asked) {
		Map<String, Object> answer = new LinkedHashMap<>(answerOf(asked));
		answer.put("id", asked.get("id"));
		String text = JSON.writeToString(answer);
		if (text.length() > MAX_ANSWER) {
			text = JSON.writeToString(Map.of("id", asked.get("id"), "node", this.node.id(), "problem",
					"the answer is too long to be sent; ask this node itself, with fleet=false"));
		}
		CompletionStage<Void> unused = signal(ANSWER, text).whenComplete((done, failure) -> {
			if (failure != null) {
				logger.debug("An answer could not be sent to the node that asked for it", failure);
			}
		});
	}

	private void answered(Map<String, Object> answer) {
		String node = String.valueOf(answer.get("node"));
		if (this.heardNanos.size() < MAX_NODES || this.heardNanos.containsKey(node)) {
			this.heardNanos.put(node, this.loop.environment().nanoTime());
		}
		String questionId = String.valueOf(answer.remove("id"));
		Question question = this.questions.get(questionId);
		if (question == null || question.answers.size() >= MAX_NODES) {
			return;
		}
		if (question.to == null) {
			question.answers.add(answer);
		}
		else if (question.to.equals(node)) {
			question.answers.add(answer);
			complete(questionId, true);
		}
	}

	private CompletionStage<Void> signal(String type, String payload) {
		try {
			return this.node.signal(new Signal(TOPIC, type, this.life, payload, null));
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/** Idempotent; takes at most 1 s. */
	@Override
	public void close() {
		boolean unused = this.loop.close(CLOSING);
	}

	/** What has come so far, and from which node alone an answer is wanted, if so. */
	private record Question(List<Map<String, Object>> answers, @Nullable String to,
			CompletableFuture<FleetAnswers> result) {
	}

}
