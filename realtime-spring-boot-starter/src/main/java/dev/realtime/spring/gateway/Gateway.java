package dev.realtime.spring.gateway;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.redis.RedisAwayException;
import dev.realtime.spring.GatewayProperties;
import dev.realtime.spring.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's side: hands each SEND to one node of the application and waits for its
 * answer.
 * <p>
 * One SEND of a connection is on its way at a time, the others wait here; so they are
 * handled in their order, and one that was not sent yet can go to any node. A connection
 * keeps its node while that is there. A node is there for the lease after its last beat
 * was heard, and starts nothing later than the lease after it sent the beat that the SEND
 * names; so what an earlier node has not started by the time the next one is chosen, it
 * never will. What was sent and not answered by then, or in time, has an unknown outcome
 * and is not sent again.
 * <p>
 * Confined to a loop of its own, apart from {@link #forward}, {@link #ended} and
 * {@link #close}.
 */
public final class Gateway implements AutoCloseable {

	private static final Duration TICK = Duration.ofMillis(100);

	private final GatewayProperties properties;

	private final Loop loop;

	private final Post post;

	private final WaitingRoom pending;

	private final GatewayCounts counts = new GatewayCounts();

	private final Map<String, Peer> nodes = new LinkedHashMap<>();

	private final Map<String, Line> lines = new HashMap<>();

	/** Those with a SEND that waits for a node. */
	private final Set<Line> stuck = new LinkedHashSet<>();

	private final Map<Long, Pending> sent = new HashMap<>();

	/** All without an answer, the eldest first. */
	private final LinkedHashSet<Pending> byAge = new LinkedHashSet<>();

	private long lastNumber;

	private volatile int answering;

	/** Gets what nodes say to one session. */
	private volatile Consumer<ForwardedSend> sessions = (message) -> {
	};

	/**
	 * Wires a gateway; {@link #begin} lets it talk.
	 * @param loops makes its thread
	 */
	public Gateway(RealtimeNode node, GatewayProperties properties, Loops loops) {
		this.properties = properties;
		this.pending = new WaitingRoom(properties.pending(), properties.pendingBytes().toBytes());
		this.loop = loops.loop("realtime-gateway");
		this.post = new Post(node, new Seal(properties.key()), this.loop);
	}

	/** Starts to listen, once the node is there. */
	public void begin() {
		this.post.listen(true, this::read);
		this.loop.every(TICK, () -> tick(System.nanoTime()));
	}

	/**
	 * Who gets what a node says to one session of this gateway.
	 * @param listener called on the gateway's thread: must be quick and never block
	 */
	public void tellSessions(Consumer<ForwardedSend> listener) {
		this.sessions = listener;
	}

	/** Whether SENDs to the destination are handed on. */
	public boolean takes(String destination) {
		return this.properties.destinations().stream().anyMatch(destination::startsWith);
	}

	/** SENDs without an answer. */
	public int pending() {
		return this.pending.count();
	}

	/** Nodes of the application that take SENDs, as of a moment ago. */
	public int answering() {
		return this.answering;
	}

	/** What was counted. */
	public GatewayCounts counts() {
		return this.counts;
	}

	/**
	 * Hands a SEND on, behind those of the same session before it. Any thread; never
	 * blocks.
	 * @return completes with what became of it, within the timeout; never with
	 * {@link Outcome.Kind#AGAIN}
	 */
	public CompletionStage<Outcome> forward(ForwardedSend send) {
		String text = send.write();
		if (!Post.fits(text) || send.authorities().size() > ForwardedSend.MAX_AUTHORITIES) {
			return CompletableFuture.completedFuture(this.counts.noteAnswered(Outcome.refused("too-large",
					"With its headers, and the user's authorities, the message is larger than a gateway can hand on")));
		}
		if (!this.pending.enter(text.length())) {
			return CompletableFuture.completedFuture(this.counts.noteAnswered(overloaded()));
		}
		CompletableFuture<Outcome> outcome = new CompletableFuture<>();
		Pending waiting = new Pending(send.sessionId(), text, outcome,
				System.nanoTime() + this.properties.timeout().toNanos());
		if (!this.loop.tryExecute(() -> add(waiting))) {
			complete(waiting, Outcome.unavailable());
		}
		return outcome;
	}

	/** Forgets a session that is closed, when its last SEND is answered. Any thread. */
	public void ended(String sessionId) {
		boolean unused = this.loop.tryExecute(() -> {
			Line line = this.lines.get(sessionId);
			if (line != null) {
				line.ended = true;
				pump(line);
			}
		});
	}

	private static Outcome overloaded() {
		return Outcome.refused("overloaded", "Too many messages wait for the application; send more slowly");
	}

	private void add(Pending added) {
		Line line = this.lines.computeIfAbsent(added.session, Line::new);
		if (line.unanswered() >= this.properties.pendingPerConnection()) {
			settle(added, overloaded());
			return;
		}
		added.line = line;
		line.waiting.add(added);
		this.byAge.add(added);
		pump(line);
	}

	/** Sends the line's next one, if none is on its way and a node is there. */
	private void pump(Line line) {
		if (line.current != null) {
			return;
		}
		Pending next = line.waiting.peek();
		if (next == null) {
			this.stuck.remove(line);
			if (line.ended) {
				end(line);
			}
			return;
		}
		Peer node = choose(line);
		if (node == null) {
			this.stuck.add(line);
			return;
		}
		this.stuck.remove(line);
		line.waiting.remove();
		line.current = next;
		next.number = ++this.lastNumber;
		this.sent.put(next.number, next);
		this.counts.noteForwarded();
		this.post
			.send(node.life, Kinds.SEND,
					new Json(96).open('{').name("number").value(next.number).name("beat").value(node.beat), next.text)
			.whenComplete((done, failure) -> notSent(next.number, node, failure));
	}

	/** Only what certainly did not leave may be sent again. */
	private void notSent(long number, Peer node, @Nullable Throwable failure) {
		Throwable cause = (failure != null && failure.getCause() != null) ? failure.getCause() : failure;
		if (failure instanceof RedisAwayException || cause instanceof RedisAwayException) {
			boolean unused = this.loop.tryExecute(() -> answered(number, node.life, Outcome.AGAIN));
		}
	}

	private void end(Line line) {
		this.lines.remove(line.session);
		Peer node = (line.node != null) ? this.nodes.get(line.node) : null;
		if (node != null) {
			CompletionStage<Void> unused = this.post.send(node.life, Kinds.END,
					new Json(96).open('{').name("session").value(line.session), "");
		}
	}

	/** The line's own node, or the one that its session's hash prefers. */
	private @Nullable Peer choose(Line line) {
		long now = System.nanoTime();
		Peer own = (line.node != null) ? this.nodes.get(line.node) : null;
		if (own != null && own.takes(now)) {
			return own;
		}
		Peer best = null;
		int highest = Integer.MIN_VALUE;
		for (Peer each : this.nodes.values()) {
			int weight = (line.session + each.life).hashCode() * 0x9E3779B9;
			if (each.takes(now) && weight >= highest) {
				highest = weight;
				best = each;
			}
		}
		line.node = (best != null) ? best.life : line.node;
		return best;
	}

	private void read(Post.Letter letter) {
		switch (letter.kind()) {
			case Kinds.BEAT -> beat(letter);
			case Kinds.LEAVING -> {
				Peer node = this.nodes.get(letter.from());
				if (node != null) {
					node.leaving = true;
				}
			}
			case Kinds.GONE -> gone(letter.from(), letter.head().wholeNumber("read"));
			case Kinds.ANSWER -> answered(letter.number("number"), letter.from(),
					new Outcome(Outcome.Kind.valueOf(String.valueOf(letter.head().string("outcome"))),
							letter.head().string("word"), letter.head().string("sentence")));
			case Kinds.TELL -> this.sessions.accept(ForwardedSend.read(letter.content()));
			default -> {
				// Of a newer node.
			}
		}
	}

	private void beat(Post.Letter letter) {
		Peer node = this.nodes.computeIfAbsent(letter.from(), Peer::new);
		node.beat = letter.number("beat");
		node.endNanos = letter.cameNanos() + this.properties.lease().toNanos();
		node.refuses = false;
		pumpStuck();
	}

	private void pumpStuck() {
		List.copyOf(this.stuck).forEach(this::pump);
	}

	private void answered(long number, String from, Outcome outcome) {
		Pending answered = this.sent.get(number);
		Line line = (answered != null) ? answered.line : null;
		if (answered == null || line == null || !from.equals(line.node)) {
			return;
		}
		this.sent.remove(number);
		if (line.current == answered) {
			line.current = null;
		}
		if (outcome.kind() == Outcome.Kind.AGAIN) {
			Peer node = this.nodes.get(from);
			if (node != null) {
				node.refuses = true;
			}
			line.waiting.addFirst(answered);
		}
		else {
			settle(answered, outcome);
		}
		pump(line);
	}

	/**
	 * A node has ended: what it has not started it never will.
	 * @param lastRead the number of the last SEND of this gateway that the node has read;
	 * null if that is not known. Those behind it go to another node, the others had an
	 * answer that is lost, or none
	 */
	private void gone(String life, @Nullable Long lastRead) {
		this.nodes.remove(life);
		for (Pending each : List.copyOf(this.sent.values())) {
			if (each.line == null || !life.equals(each.line.node)) {
				continue;
			}
			if (lastRead != null && each.number > lastRead) {
				answered(each.number, life, Outcome.AGAIN);
			}
			else {
				unanswered(each, Outcome.unknown());
			}
		}
		pumpStuck();
	}

	private void tick(long now) {
		List<Pending> late = this.byAge.stream().takeWhile((each) -> now - each.endNanos >= 0).toList();
		for (Pending each : late) {
			this.counts.noteTimedOut();
			unanswered(each, this.sent.containsKey(each.number) ? Outcome.unknown() : Outcome.unavailable());
		}
		for (Peer each : List.copyOf(this.nodes.values())) {
			if (now - each.endNanos >= 0) {
				gone(each.life, null);
			}
		}
		this.answering = (int) this.nodes.values().stream().filter((each) -> each.takes(now)).count();
		pumpStuck();
	}

	private void unanswered(Pending pending, Outcome outcome) {
		this.sent.remove(pending.number);
		settle(pending, outcome);
		Line line = pending.line;
		if (line != null) {
			line.waiting.remove(pending);
			if (line.current == pending) {
				line.current = null;
			}
			pump(line);
		}
	}

	private void settle(Pending pending, Outcome outcome) {
		this.byAge.remove(pending);
		complete(pending, outcome);
	}

	private void complete(Pending pending, Outcome outcome) {
		if (pending.outcome.complete(outcome)) {
			this.pending.leave(pending.text.length());
			var unused = this.counts.noteAnswered(outcome);
		}
	}

	/** What is without an answer gets one now; idempotent. */
	@Override
	public void close() {
		this.loop.execute(() -> {
			for (Pending each : List.copyOf(this.byAge)) {
				settle(each, this.sent.containsKey(each.number) ? Outcome.unknown() : Outcome.unavailable());
			}
		});
		boolean unused = this.loop.close(Duration.ofSeconds(1));
	}

	/** The SENDs of one session. */
	private static final class Line {

		final String session;

		final ArrayDeque<Pending> waiting = new ArrayDeque<>();

		@Nullable Pending current;

		@Nullable String node;

		boolean ended;

		Line(String session) {
			this.session = session;
		}

		int unanswered() {
			return this.waiting.size() + ((this.current != null) ? 1 : 0);
		}

	}

	/** One SEND without an answer. */
	private static final class Pending {

		final String session;

		final String text;

		final CompletableFuture<Outcome> outcome;

		final long endNanos;

		@Nullable Line line;

		long number;

		Pending(String session, String text, CompletableFuture<Outcome> outcome, long endNanos) {
			this.session = session;
			this.text = text;
			this.outcome = outcome;
			this.endNanos = endNanos;
		}

	}

}
