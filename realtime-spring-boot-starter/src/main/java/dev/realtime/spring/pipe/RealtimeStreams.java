package dev.realtime.spring.pipe;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Epochs;
import dev.realtime.IllegalTopicException;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.spring.PipeProperties;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Publishes texts that grow, such as the answers of a language model: readers see them
 * grow in any number of windows and on any node, after a reload, too. Inject it and
 * {@link #pipe}. Safe for any number of threads; nothing but the source blocks.
 * <p>
 * A text is published as messages of its topic, which are numbered, stored and recovered
 * as all others. Several texts may grow on one topic; each has an id. Readers that are
 * JavaScript use {@code followText} of {@code @dev-realtime/client/stream}.
 */
public final class RealtimeStreams {

	/** How many messages a text may need before it is published once more. */
	private static final int REPEAT_AFTER = 300;

	/** A piece of one character must have room for two halves. */
	private static final int SMALLEST_PIECE = 2;

	/** Most bytes of one char. */
	private static final int BYTES = 3;

	/** A repetition begins when this part of the topic's history is used. */
	private static final int SHARE = 3;

	/** The last messages get so much time at a shutdown. */
	private static final Duration CLOSING = Duration.ofSeconds(5);

	private static final String SHUTDOWN = "This node shuts down";

	private final RealtimePublisher publisher;

	private final PipeProperties properties;

	private final TopicPolicies policies;

	private final int pieceSize;

	private final PipeLoops loops;

	private final Stopping stopping;

	private final PipeCounts counts = new PipeCounts();

	private final Map<String, TextStream> active = new ConcurrentHashMap<>();

	/** Texts that grow or whose code, as {@code cancel} of a source, may run. */
	private final AtomicInteger places = new AtomicInteger();

	/** Texts that begin or grow, until the application was told of the end. */
	private final AtomicInteger growing = new AtomicInteger();

	private final CompletableFuture<Boolean> idle = new CompletableFuture<>();

	/** Why no text may begin, or null. */
	private volatile @Nullable String refusal;

	/**
	 * Creates it. Not for applications, which have it as a bean.
	 * @param publisher publishes the messages
	 * @param policies of topics
	 * @param maxPayload most bytes of a message
	 * @param loops its threads
	 * @param stopping asks the other nodes to stop texts
	 */
	RealtimeStreams(RealtimePublisher publisher, PipeProperties properties, TopicPolicies policies, long maxPayload,
			PipeLoops loops, Stopping stopping) {
		this.publisher = publisher;
		this.properties = properties;
		this.policies = policies;
		this.pieceSize = (int) Math.max(SMALLEST_PIECE, Math.min(properties.messageSize(), maxPayload / BYTES));
		this.loops = loops;
		this.stopping = stopping;
	}

	/**
	 * Publishes what the source gives, as it comes, until it ends. Readers know of the
	 * text at once.
	 * @param topic the topic's name
	 * @param source for instance a {@code Flux<String>}. It is subscribed on the calling
	 * thread, and asked for more on threads of the starter
	 * ({@code realtime.pipe.threads}). If it blocks when it is subscribed, this method
	 * does
	 * @return stops it, and says how it ended. Whatever fails later, the source too, is
	 * an outcome and no exception
	 * @throws IllegalTopicException if this is not the name of a topic to publish on
	 * @throws IllegalStateException if {@code realtime.pipe.max-streams} texts grow on
	 * this node or have ended with a source that is still being cancelled, the node shuts
	 * down, or {@code realtime.enabled} is false; the source is not subscribed then
	 */
	public PipedStream pipe(String topic, Publisher<? extends CharSequence> source) {
		Topic on = Topic.of(topic);
		if (on.isReserved()) {
			throw IllegalTopicException.reserved(topic);
		}
		if (source == null) {
			throw new IllegalArgumentException("There is no source");
		}
		takePlace();
		TextStream stream = createOrLeave(on);
		stream.begin(source);
		if (isClosing()) {
			// it may have missed the call to all
			stream.interrupt();
		}
		return stream;
	}

	/**
	 * Stops all texts that grow on the topic, on any node. Readers see the outcome
	 * {@link StreamOutcome#STOPPED}. Does nothing if there is none.
	 * @param topic the topic's name
	 * @return completes when the other nodes have been asked, which are not waited for;
	 * fails if they could not be asked, because the relay is away: then only those on
	 * this node are stopped. In an application with {@code realtime.role=publisher} a
	 * text is stopped only there
	 */
	public CompletionStage<Void> stop(String topic) {
		Topic on = Topic.of(topic);
		stopHere(on);
		return this.stopping.ask(on);
	}

	/**
	 * Returns how many texts grow on this node, those included that have ended and whose
	 * {@link PipedStream#completion()} has not.
	 */
	public int active() {
		return this.growing.get();
	}

	PipeCounts counts() {
		return this.counts;
	}

	/** Never blocks. */
	void stopHere(Topic topic) {
		this.active.values().forEach((each) -> {
			if (each.isOn(topic)) {
				each.stop();
			}
		});
	}

	/**
	 * Begins no more texts, waits for those that grow, and interrupts those that take
	 * longer than {@code realtime.pipe.drain-timeout}. Takes at most so long, and 5 s.
	 */
	void drain() {
		this.refusal = SHUTDOWN;
		if (active() == 0 || awaitIdle(this.properties.drainTimeout())) {
			return;
		}
		this.active.values().forEach(TextStream::interrupt);
		if (!awaitIdle(CLOSING)) {
			this.active.values().forEach(TextStream::abandon);
		}
	}

	boolean isClosing() {
		return this.refusal != null;
	}

	/** Refuses all texts, for this reason. */
	RealtimeStreams refusing(String reason) {
		this.refusal = reason;
		return this;
	}

	/**
	 * Idempotent; at most 3 s, and as long as callbacks take of handles that complete
	 * only now.
	 */
	void close() {
		this.refusal = SHUTDOWN;
		this.active.values().forEach(TextStream::abandon);
		this.loops.close();
		// those whose thread was blocked until its end
		this.active.values().forEach((each) -> this.loops.call(each::tellEnd));
	}

	/** The application's policies may fail. */
	private TextStream createOrLeave(Topic topic) {
		try {
			TextStream stream = create(topic);
			this.active.put(stream.id(), stream);
			return stream;
		}
		catch (Throwable ex) {
			this.places.decrementAndGet();
			leave();
			throw ex;
		}
	}

	private TextStream create(Topic topic) {
		String id = Epochs.next(this.loops.loop().environment().secureRandom());
		int repeatAfter = Math.max(1, Math.min(REPEAT_AFTER, this.policies.of(topic).historySize() / SHARE));
		GrowingText text = new GrowingText(this.pieceSize, this.properties.maxLength(), repeatAfter);
		return new TextStream(topic, id, this.loops, this.publisher, this.properties, text, (end) -> ended(id, end),
				this.places::decrementAndGet);
	}

	/** A drain that comes meanwhile waits for this text, or this text is refused. */
	private void takePlace() {
		this.growing.incrementAndGet();
		try {
			takePlaceUnlessClosing();
		}
		catch (IllegalStateException ex) {
			leave();
			throw ex;
		}
	}

	private void takePlaceUnlessClosing() {
		String reason = this.refusal;
		if (reason != null) {
			throw new IllegalStateException(reason);
		}
		int most = this.properties.maxStreams();
		if (this.places.incrementAndGet() > most) {
			this.places.decrementAndGet();
			throw new IllegalStateException(
					most + " texts grow on this node or wait until their sources are cancelled, as many as"
							+ " realtime.pipe.max-streams allows");
		}
	}

	private void ended(String id, StreamEnd end) {
		this.active.remove(id);
		this.counts.add(end.outcome());
		leave();
	}

	private void leave() {
		if (this.growing.decrementAndGet() == 0 && isClosing()) {
			this.idle.complete(true);
		}
	}

	private boolean awaitIdle(Duration patience) {
		try {
			return this.loops.loop().environment().await(this.idle, patience);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		catch (ExecutionException | TimeoutException ex) {
			return false;
		}
	}

	/** Asks the other nodes. */
	@FunctionalInterface
	interface Stopping {

		/** Asks them to stop what grows on the topic; completes when that has left. */
		CompletionStage<Void> ask(Topic topic);

	}

}
