package dev.realtime.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.log.LogPage;
import org.jspecify.annotations.Nullable;

/**
 * What was stored, what publishers were told, and what is wrong with it: the checkers of
 * rules 1 and 2, and the trace of a run. It looks at nodes from the outside only.
 */
final class Ledger {

	private final LongSupplier nanos;

	private final long beganNanos;

	private final int history;

	private final List<String> trace = new ArrayList<>();

	private final List<String> violations = new ArrayList<>();

	/** By topic and epoch: the epochs in the order in which they began. */
	private final Map<Topic, Map<String, NavigableMap<Long, Publication>>> stored = new HashMap<>();

	/** The texts of attempts that publishers were told nothing came of. */
	private final Set<String> refused = new HashSet<>();

	/**
	 * Makes one.
	 * @param history how many messages of each topic are kept at least
	 */
	Ledger(LongSupplier nanos, int history) {
		this.nanos = nanos;
		this.beganNanos = nanos.getAsLong();
		this.history = history;
	}

	void note(String what) {
		long micros = (this.nanos.getAsLong() - this.beganNanos) / 1_000;
		this.trace.add(micros + " us " + what);
	}

	void violated(int rule, String how) {
		String violation = "rule " + rule + ": " + how;
		note("VIOLATION of " + violation);
		this.violations.add(violation);
	}

	void check(boolean holds, int rule, String how) {
		if (!holds) {
			violated(rule, how);
		}
	}

	List<String> trace() {
		return this.trace;
	}

	List<String> violations() {
		return this.violations;
	}

	/** The store has numbered and stored a message. */
	void stored(Publication publication, PublishReceipt receipt) {
		Position position = receipt.position();
		NavigableMap<Long, Publication> epoch = this.stored
			.computeIfAbsent(publication.topic(), (key) -> new LinkedHashMap<>())
			.computeIfAbsent(position.epoch(), (key) -> new TreeMap<>());
		String what = publication.topic() + " " + position + " " + publication.content().text();
		check(epoch.isEmpty() || position.seq() > epoch.lastKey(), 1, "numbered anew: " + what);
		String id = publication.id();
		check(id == null || epoch.values().stream().noneMatch((each) -> id.equals(each.id())), 1,
				"the same id twice: " + what);
		epoch.put(position.seq(), publication);
		note("stored " + what);
	}

	/** A publisher was told that its message is stored. */
	void acknowledged(MemoryBroker store, String text, PublishReceipt receipt) {
		note("acknowledged " + text + " as " + receipt.position() + (receipt.duplicate() ? " (duplicate)" : ""));
		Publication found = find(receipt.topic(), receipt.position());
		check(found != null, 2, "acknowledged and never stored: " + text + " as " + receipt.position());
		if (found != null && !receipt.duplicate()) {
			check(found.content().text().equals(text), 1, "two messages share " + receipt.position());
		}
		checkReadable(store, receipt.topic(), receipt.position(), null);
	}

	/** A publisher was told that its message was not stored. */
	void refused(String text, String why) {
		note("refused " + text + ": " + why);
		this.refused.add(text);
	}

	/** A client has got a message. */
	void received(MemoryBroker store, String client, Topic topic, Position position, String text) {
		Publication found = find(topic, position);
		if (found == null || !found.content().text().equals(text)) {
			violated(2, client + " got what was not stored: " + topic + " " + position + " " + text);
			return;
		}
		checkReadable(store, topic, position, text);
	}

	/** Whether so much of the history is still in the log. */
	boolean isKept(Topic topic, Position position) {
		NavigableMap<Long, Publication> epoch = epochs(topic).get(position.epoch());
		return epoch != null && !epoch.isEmpty() && position.seq() > epoch.lastKey() - this.history;
	}

	/** Whether messages with these numbers were stored, any of them. */
	boolean isAnyStored(Topic topic, String epoch, long from, long to) {
		NavigableMap<Long, Publication> known = epochs(topic).get(epoch);
		return known != null && from <= to && !known.subMap(from, true, to, true).isEmpty();
	}

	/** What was stored under the number, or null. */
	@Nullable Publication find(Topic topic, Position position) {
		NavigableMap<Long, Publication> epoch = epochs(topic).get(position.epoch());
		return (epoch != null) ? epoch.get(position.seq()) : null;
	}

	/** Everything that was stored on the topic, in the order of epochs and numbers. */
	List<Publication> messages(Topic topic) {
		return epochs(topic).values().stream().flatMap((epoch) -> epoch.values().stream()).toList();
	}

	/** At the end: nothing that was refused is stored. */
	void checkRefused() {
		this.stored.forEach((topic, epochs) -> epochs.values()
			.forEach((epoch) -> epoch.values()
				.forEach((each) -> check(!this.refused.contains(each.content().text()), 2,
						"refused and stored all the same: " + each.content().text()))));
	}

	private Map<String, NavigableMap<Long, Publication>> epochs(Topic topic) {
		return this.stored.getOrDefault(topic, Map.of());
	}

	/** Reads the log itself, without any delay. */
	private void checkReadable(MemoryBroker store, Topic topic, Position position, @Nullable String text) {
		Position head = now(store.log().peek(List.of(topic))).get(0);
		if (!head.sameEpoch(position) || !isKept(topic, position)) {
			return;
		}
		LogPage page = now(store.log().read(topic, position.withSeq(position.seq() - 1), 1));
		boolean found = page instanceof LogPage.Found read && !read.messages().isEmpty()
				&& read.messages().get(0).position().equals(position)
				&& (text == null || read.messages().get(0).content().text().equals(text));
		check(found, 2, "not readable from the log: " + topic + " " + position);
	}

	/** What the log of one process answers, which it does at once. */
	static <T> T now(CompletionStage<T> stage) {
		CompletableFuture<T> future = stage.toCompletableFuture();
		if (!future.isDone()) {
			throw new IllegalStateException("The log did not answer at once");
		}
		return future.join();
	}

}
