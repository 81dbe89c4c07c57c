package dev.realtime.spring.gateway;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import dev.realtime.json.Json;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.redis.RedisAwayException;
import dev.realtime.spring.Backlog;
import dev.realtime.spring.GatewayProperties;
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

	private final Backlog pending;

	private final GatewayCounts counts = new GatewayCounts();

	private final Peers nodes;

	private final Map<String, SendQueue> queues = new HashMap<>();

	/** Those with a SEND that waits for a node. */
	private final Set<SendQueue> stuck = new LinkedHashSet<>();

	private final Map<Long, PendingSend> sent = new HashMap<>();

	/** All without an answer, the eldest first. */
	private final LinkedHashSet<PendingSend> byAge = new LinkedHashSet<>();

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
		this.nodes = new Peers(properties.lease().toNanos());
		this.pending = new Backlog(properties.pending(), properties.pendingBytes().toBytes());
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
					"With its headers and the user's authorities, the message is larger than a gateway can "
							+ "forward")));
		}
		if (!this.pending.enter(text.length())) {
			return CompletableFuture.completedFuture(this.counts.noteAnswered(overloaded()));
		}
		CompletableFuture<Outcome> outcome = new CompletableFuture<>();
		PendingSend waiting = new PendingSend(send.sessionId(), text, outcome,
				System.nanoTime() + this.properties.timeout().toNanos());
		if (!this.loop.tryExecute(() -> add(waiting))) {
			complete(waiting, Outcome.unavailable());
		}
		return outcome;
	}

	/** Forgets a session that is closed, when its last SEND is answered. Any thread. */
	public void ended(String sessionId) {
		boolean unused = this.loop.tryExecute(() -> {
			SendQueue queue = this.queues.get(sessionId);
			if (queue != null) {
				queue.ended = true;
				pump(queue);
			}
		});
	}

	private static Outcome overloaded() {
		return Outcome.refused("overloaded", "Too many messages wait for the application; send more slowly");
	}

	private void add(PendingSend added) {
		SendQueue queue = this.queues.computeIfAbsent(added.session, SendQueue::new);
		if (queue.unanswered() >= this.properties.pendingPerConnection()) {
			settle(added, overloaded());
			return;
		}
		queue.add(added);
		this.byAge.add(added);
		pump(queue);
	}

	/** Sends the queue's next one, if none is in flight and a node takes it. */
	private void pump(SendQueue queue) {
		if (queue.hasInFlight()) {
			return;
		}
		if (queue.isEmpty()) {
			this.stuck.remove(queue);
			if (queue.ended) {
				end(queue);
			}
			return;
		}
		Peer node = this.nodes.choose(queue.session, queue.node, System.nanoTime());
		if (node == null) {
			this.stuck.add(queue);
			return;
		}
		this.stuck.remove(queue);
		queue.node = node.life;
		PendingSend next = queue.next();
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

	private void end(SendQueue queue) {
		this.queues.remove(queue.session);
		Peer node = this.nodes.get(queue.node);
		if (node != null) {
			CompletionStage<Void> unused = this.post.send(node.life, Kinds.END,
					new Json(96).open('{').name("session").value(queue.session), "");
		}
	}

	private void read(Post.Letter letter) {
		switch (letter.kind()) {
			case Kinds.BEAT -> {
				this.nodes.beat(letter);
				pumpStuck();
			}
			case Kinds.LEAVING -> this.nodes.leaving(letter.from());
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

	private void pumpStuck() {
		List.copyOf(this.stuck).forEach(this::pump);
	}

	private void answered(long number, String from, Outcome outcome) {
		PendingSend answered = this.sent.get(number);
		SendQueue queue = (answered != null) ? answered.queue : null;
		if (answered == null || queue == null || !from.equals(queue.node)) {
			return;
		}
		this.sent.remove(number);
		queue.landed(answered);
		if (outcome.kind() == Outcome.Kind.AGAIN) {
			this.nodes.refused(from);
			queue.again(answered);
		}
		else {
			settle(answered, outcome);
		}
		pump(queue);
	}

	/**
	 * A node has ended: what it has not started it never will.
	 * @param lastRead the number of the last SEND of this gateway that the node has read;
	 * null if that is not known. Those behind it go to another node, the others had an
	 * answer that is lost, or none
	 */
	private void gone(String life, @Nullable Long lastRead) {
		this.nodes.remove(life);
		for (PendingSend each : List.copyOf(this.sent.values())) {
			if (each.queue == null || !life.equals(each.queue.node)) {
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
		List<PendingSend> late = this.byAge.stream().takeWhile((each) -> now - each.endNanos >= 0).toList();
		for (PendingSend each : late) {
			this.counts.noteTimedOut();
			unanswered(each, this.sent.containsKey(each.number) ? Outcome.unknown() : Outcome.unavailable());
		}
		this.nodes.expired(now).forEach((life) -> gone(life, null));
		this.answering = this.nodes.taking(now);
		pumpStuck();
	}

	private void unanswered(PendingSend pending, Outcome outcome) {
		this.sent.remove(pending.number);
		settle(pending, outcome);
		SendQueue queue = pending.queue;
		if (queue != null) {
			queue.remove(pending);
			pump(queue);
		}
	}

	private void settle(PendingSend pending, Outcome outcome) {
		this.byAge.remove(pending);
		complete(pending, outcome);
	}

	private void complete(PendingSend pending, Outcome outcome) {
		if (pending.outcome.complete(outcome)) {
			this.pending.leave(pending.text.length());
			var unused = this.counts.noteAnswered(outcome);
		}
	}

	/** What is without an answer gets one now; idempotent. */
	@Override
	public void close() {
		this.loop.execute(() -> {
			for (PendingSend each : List.copyOf(this.byAge)) {
				settle(each, this.sent.containsKey(each.number) ? Outcome.unknown() : Outcome.unavailable());
			}
		});
		boolean unused = this.loop.close(Duration.ofSeconds(1));
	}

}
