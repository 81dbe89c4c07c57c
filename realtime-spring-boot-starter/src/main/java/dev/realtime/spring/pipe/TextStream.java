package dev.realtime.spring.pipe;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.spring.Incident;
import dev.realtime.spring.PipeProperties;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One text on its way: collects what its source gives, and publishes it. Its state is
 * confined to the loop. At most one message is without a receipt; meanwhile the source is
 * asked for no more than {@value TextSource#PREFETCH} pieces.
 */
final class TextStream implements PipedStream {

	private static final Logger logger = LoggerFactory.getLogger(TextStream.class);

	/** Readers wait for so many heartbeats. */
	private static final int BEATS = 3;

	private final Topic topic;

	private final String id;

	private final PipeLoops loops;

	private final Loop loop;

	private final Duration interval;

	private final Duration heartbeat;

	private final Duration timeout;

	private final GrowingText text;

	private final TextMessages messages;

	private final TextPublishing publishing;

	private final TextSource source;

	private final Consumer<StreamEnd> ended;

	private final Runnable left;

	/** Until the application was told of the end, and until its source was cancelled. */
	private final AtomicInteger toRun = new AtomicInteger(2);

	private final CompletableFuture<StreamEnd> completion = new CompletableFuture<>();

	private final AtomicBoolean stopped = new AtomicBoolean();

	/** Pieces that have come and are not replaced by a request for others. */
	private int taken;

	/** When the last message was stored. */
	private long lastNanos;

	private boolean begun;

	private boolean over;

	private @Nullable Ending ending;

	/** How it ended, until the application is told. */
	private final AtomicReference<@Nullable StreamEnd> end = new AtomicReference<>();

	/** The next step, if it only has to wait for its time. */
	private Loop.@Nullable Delayed timer;

	private long timerNanos;

	private Loop.@Nullable Delayed deadline;

	/**
	 * Creates a stream that has not begun.
	 * @param text empty, with the sizes of its pieces and of the whole
	 * @param ended told of the end where the application's code runs, just before the
	 * handle is
	 * @param left told when no code of the application runs or waits to run any more
	 */
	TextStream(Topic topic, String id, PipeLoops loops, RealtimePublisher publisher, PipeProperties properties,
			GrowingText text, Consumer<StreamEnd> ended, Runnable left) {
		this.topic = topic;
		this.id = id;
		this.loops = loops;
		this.loop = loops.loop();
		this.interval = properties.interval();
		this.heartbeat = properties.heartbeat();
		this.timeout = properties.timeout();
		this.text = text;
		this.messages = new TextMessages(topic, id, this.heartbeat.multipliedBy(BEATS));
		this.publishing = new TextPublishing(this.loop, publisher, properties.publishTimeout(), this::givenUp);
		this.source = new TextSource(loops.calls(), loops.cancels(), (piece) -> this.loop.execute(() -> append(piece)),
				(failure) -> this.loop.execute(() -> sourceEnded(failure)));
		this.ended = ended;
		this.left = left;
	}

	/** Announces the text, and subscribes to its source on this thread. Never throws. */
	void begin(Publisher<? extends CharSequence> from) {
		this.loop.execute(() -> {
			this.lastNanos = this.loop.environment().nanoTime();
			this.deadline = this.loop.after(this.timeout, () -> end(Ending.of(StreamOutcome.TIMED_OUT)));
			step();
		});
		this.source.subscribeTo(from);
	}

	@Override
	public String topic() {
		return this.topic.name();
	}

	@Override
	public String id() {
		return this.id;
	}

	@Override
	public void stop() {
		if (!this.stopped.getAndSet(true)) {
			this.loop.execute(() -> end(Ending.of(StreamOutcome.STOPPED)));
		}
	}

	@Override
	public CompletionStage<StreamEnd> completion() {
		return this.completion.minimalCompletionStage();
	}

	/** Ends it because the node does. Any thread. */
	void interrupt() {
		this.loop.execute(() -> end(Ending.of(StreamOutcome.INTERRUPTED)));
	}

	/** Ends it without waiting for the messages that are missing. Any thread. */
	void abandon() {
		this.loop.execute(() -> finish(Ending.of(StreamOutcome.INTERRUPTED), null));
	}

	boolean isOn(Topic other) {
		return this.topic.equals(other);
	}

	private void append(String piece) {
		if (this.ending != null) {
			return;
		}
		this.taken++;
		if (!this.text.append(piece)) {
			end(Ending.of(StreamOutcome.TOO_LONG));
			return;
		}
		step();
	}

	private void sourceEnded(@Nullable Throwable failure) {
		if (failure == null) {
			end(Ending.of(StreamOutcome.DONE));
		}
		else if (this.ending == null) {
			String what = "the source of text " + this.id + " on \"" + this.topic + "\" failed";
			end(new Ending(StreamOutcome.FAILED, Incident.reference(logger, what, failure)));
		}
	}

	/** The first reason counts. */
	private void end(Ending because) {
		if (this.ending == null) {
			this.ending = because;
			this.source.cancel();
			step();
		}
	}

	/** Does what is to be done now, or waits until it is time. */
	private void step() {
		if (this.over || this.publishing.isBusy()) {
			return;
		}
		Ending because = this.ending;
		if (!this.begun || this.text.isRepeating()) {
			this.begun = true;
			publishPiece();
		}
		else if (this.text.hasMore(because != null)) {
			stepAfter((because != null) ? Duration.ZERO : this.interval);
		}
		else if (because != null) {
			publish(this.messages.end(because, this.text.published()),
					(receipt) -> finish(because, receipt.position()));
		}
		else {
			// nothing of what was taken waits, but perhaps half a character
			this.source.request(this.taken);
			this.taken = 0;
			stepAfter(this.heartbeat);
		}
	}

	/** Publishes a piece so long after the last one. */
	private void stepAfter(Duration pause) {
		long due = this.lastNanos + pause.toNanos();
		long left = due - this.loop.environment().nanoTime();
		if (left <= 0) {
			publishPiece();
		}
		else if (this.timer == null || this.timerNanos != due) {
			cancelTimer();
			this.timerNanos = due;
			this.timer = this.loop.after(Duration.ofNanos(left), () -> {
				this.timer = null;
				step();
			});
		}
	}

	private void publishPiece() {
		String piece = this.text.piece(this.ending != null);
		publish(this.messages.text(this.text.offset(), piece), (receipt) -> {
			this.text.published(piece.length());
			step();
		});
	}

	private void publish(Publication message, Consumer<PublishReceipt> stored) {
		cancelTimer();
		this.publishing.publish(message, (receipt) -> {
			this.lastNanos = this.loop.environment().nanoTime();
			stored.accept(receipt);
		});
	}

	private void givenUp(Throwable failure) {
		logger.error("Text {} on \"{}\" has ended, because a message of it could not be published", this.id, this.topic,
				failure);
		finish(Ending.of(StreamOutcome.UNPUBLISHED), null);
	}

	private void finish(Ending because, @Nullable Position position) {
		if (this.over) {
			return;
		}
		this.over = true;
		this.ending = because;
		this.source.cancel();
		this.publishing.close();
		cancelTimer();
		if (this.deadline != null) {
			this.deadline.cancel();
		}
		StreamEnd end = new StreamEnd(because.outcome(), this.text.published(), position, because.reference());
		this.end.set(end);
		// both behind what waits there for this text
		this.loops.call(this::tellEnd);
		this.source.whenCancelled(this::hasRun);
	}

	/**
	 * Tells the application of the end, unless it knows or there is none. Runs its code.
	 */
	void tellEnd() {
		StreamEnd known = this.end.getAndSet(null);
		if (known == null) {
			return;
		}
		try {
			this.ended.accept(known);
			this.completion.complete(known);
		}
		finally {
			hasRun();
		}
	}

	private void hasRun() {
		if (this.toRun.decrementAndGet() == 0) {
			this.left.run();
		}
	}

	private void cancelTimer() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

}
