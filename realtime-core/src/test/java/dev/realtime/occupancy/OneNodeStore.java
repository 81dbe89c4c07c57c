package dev.realtime.occupancy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;

/**
 * The store as one node sees it: remembers the node's topics, hands out the changes that
 * a test gives it, and fails or does not answer on request.
 */
final class OneNodeStore implements OccupancyStore {

	final List<OccupancyCall> calls = new ArrayList<>();

	/** Calls without an answer, while it does not answer. */
	final Deque<Runnable> unanswered = new ArrayDeque<>();

	/** Handed out with the next call, as far as there is room. */
	final Deque<OccupancyChange> due = new ArrayDeque<>();

	final List<String> dead = new ArrayList<>();

	String epoch = "E1";

	String server = "S1";

	boolean away;

	/** Whether it carries out what it then fails to answer. */
	boolean losesAnswers;

	/** Whether it throws at the next call, once. */
	boolean throwsOnce;

	boolean silent;

	boolean closed;

	private final Map<String, Set<Topic>> topics = new HashMap<>();

	@Override
	public int partitions() {
		return 1;
	}

	@Override
	public int partition(Topic topic) {
		return 0;
	}

	@Override
	public CompletionStage<OccupancyReply> call(int partition, OccupancyCall call) {
		if (this.throwsOnce) {
			this.throwsOnce = false;
			throw new AssertionError("on purpose");
		}
		this.calls.add(call);
		CompletableFuture<OccupancyReply> reply = new CompletableFuture<>();
		Runnable answer = () -> {
			if (this.away) {
				reply.completeExceptionally(new IllegalStateException("away"));
				return;
			}
			OccupancyReply answered = reply(call);
			if (this.losesAnswers) {
				reply.completeExceptionally(new IllegalStateException("the answer is lost"));
			}
			else {
				reply.complete(answered);
			}
		};
		if (this.silent) {
			this.unanswered.add(answer);
		}
		else {
			answer.run();
		}
		return reply;
	}

	private OccupancyReply reply(OccupancyCall call) {
		if (!call.epoch().equals(this.epoch)) {
			return new OccupancyReply(this.epoch, false, 0, List.of(), List.of(), false, this.server);
		}
		this.dead.removeAll(call.dead());
		Set<Topic> mine = this.topics.computeIfAbsent(call.name(), (name) -> new HashSet<>());
		for (OccupancyCall.Own own : call.own()) {
			boolean unused = own.occupied() ? mine.add(own.topic()) : mine.remove(own.topic());
		}
		List<OccupancyChange> changes = new ArrayList<>();
		while (changes.size() < call.room() && !this.due.isEmpty()) {
			changes.add(this.due.remove());
		}
		return new OccupancyReply(this.epoch, true, mine.size(), changes,
				call.looksForDead() ? List.copyOf(this.dead) : List.of(), !this.due.isEmpty(), this.server);
	}

	/** Loses everything. */
	void forget(String next) {
		this.topics.clear();
		this.epoch = next;
	}

	/** Loses the node's topics only, as if its lease had ended. */
	void bury() {
		this.topics.clear();
	}

	/** Another server takes over, without the last change of the node. */
	void failOver(String server, Topic without, Topic instead) {
		Set<Topic> mine = this.topics.getOrDefault(last().name(), new HashSet<>());
		mine.remove(without);
		mine.add(instead);
		this.server = server;
	}

	/** What it has of the name that called last. */
	Set<Topic> held() {
		return this.topics.getOrDefault(last().name(), Set.of());
	}

	OccupancyCall last() {
		return this.calls.get(this.calls.size() - 1);
	}

	static OccupancyChange change(String topic, boolean occupied) {
		return new OccupancyChange(Topic.of(topic), occupied, Instant.EPOCH.plus(Duration.ofDays(1)));
	}

	@Override
	public void close() {
		this.closed = true;
	}

}
