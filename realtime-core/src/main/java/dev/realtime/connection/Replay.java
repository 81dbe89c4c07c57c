package dev.realtime.connection;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletionStage;

import dev.realtime.Position;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.delivery.Audience;
import dev.realtime.delivery.EncodedMessage;
import dev.realtime.delivery.Frame;
import dev.realtime.delivery.Gap;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one new subscriber from the position it named to the live stream. Confined to
 * the shard.
 *
 * <h2>How nothing is lost or doubled between</h2> The subscriber is not in its audience
 * yet, so live messages pass it by. It reads the log page by page, and after each page
 * compares how far it has read with how far this shard has delivered. Both are known to
 * this thread alone, so at the moment when it has read as far, it joins the audience, and
 * the next live message is the next one for it. The log may be ahead of the relay: what
 * was read beyond the shard's position is dropped when it comes again live. So is what
 * waits for its time in a topic with a rate: a recovery leaves nothing out.
 * <p>
 * Pages wait here, not in the queue, and move over only while the queue is less than half
 * full: a long replay never overflows the queue that it fills.
 */
final class Replay {

	private static final Logger logger = LoggerFactory.getLogger(Replay.class);

	private static final int MAX_ATTEMPTS = 6;

	private static final long FIRST_DELAY_MILLIS = 100;

	private final Subscriber subscriber;

	private final SubscribeRequest request;

	/** When the client asked, in the environment's time. */
	private final long askedNanos;

	private final Audience audience;

	/** How far the feed was when it came; the audience may be behind, or beyond. */
	private final Position published;

	private final Connections shared;

	private final ArrayDeque<EncodedMessage> pending = new ArrayDeque<>();

	/** How far has been read. Null until the first page came. */
	private @Nullable Position through;

	private boolean reading;

	private int attempts;

	/** What the client was told. */
	private @Nullable Recovery outcome;

	/** How many messages were handed to the queue. */
	private int handed;

	Replay(Subscriber subscriber, SubscribeRequest request, long askedNanos, Audience audience, Position published) {
		this.subscriber = subscriber;
		this.request = request;
		this.askedNanos = askedNanos;
		this.audience = audience;
		this.published = published;
		this.shared = subscriber.connection.shared();
	}

	void begin() {
		Position head = startOfLive(this.published);
		Position resume = this.request.resume();
		if (resume == null && this.request.rewind() == 0) {
			live(Recovery.NOT_ASKED);
		}
		else if (resume == null) {
			int latest = Math.min(this.request.rewind(), Math.min(this.shared.options.maxReplay(), TopicLog.MAX_PAGE));
			read(this.shared.pages.latest(this.subscriber.topic(), latest));
		}
		else if (resume.equals(head)) {
			answer(Recovery.RECOVERED, head, 0);
			join(head);
		}
		else if (resume.sameEpoch(head) && head.seq() - resume.seq() > this.shared.options.maxReplay()) {
			live(Recovery.TOO_MANY);
		}
		else {
			readAfter(resume);
		}
	}

	/** Moves on as far as the queue has room. */
	void pump() {
		if (this.subscriber.ended) {
			return;
		}
		while (!this.pending.isEmpty() && this.subscriber.hasRoomToSpare()) {
			EncodedMessage next = this.pending.remove();
			Frame frame = next.frame(this.subscriber.id(), this.subscriber.connection.shard);
			if (frame == null) {
				Position lost = next.message().position();
				this.subscriber.gap(lost.epoch(), lost.seq(), lost.seq(), Gap.FAILED);
				continue;
			}
			this.subscriber.connection.writer.enqueue(frame, this.subscriber);
			this.subscriber.connection.shard.counters().delivered();
			this.handed++;
		}
		Position read = this.through;
		if (!this.pending.isEmpty() || this.reading || read == null) {
			return;
		}
		Position delivered = this.audience.position();
		if (!delivered.sameEpoch(read)) {
			leaveOut(delivered.epoch(), 1, delivered, Gap.EPOCH_CHANGED);
		}
		else if (delivered.seq() <= read.seq()) {
			join(read);
		}
		else if (delivered.seq() - read.seq() > this.shared.options.maxReplay()) {
			this.subscriber.connection.writer.overflow();
		}
		else {
			readAfter(read);
		}
	}

	private void readAfter(Position position) {
		read(this.shared.pages.after(this.subscriber.topic(), position));
	}

	private void read(CompletionStage<ReplayPages.Page> page) {
		this.reading = true;
		this.shared.clock.listen(page,
				(found, failure) -> this.subscriber.connection.execute(() -> read(found, failure)));
	}

	private void read(ReplayPages.@Nullable Page page, @Nullable Throwable failure) {
		this.reading = false;
		if (this.subscriber.ended) {
			return;
		}
		if (page == null) {
			tryAgain(failure);
		}
		else if (page.log instanceof LogPage.Found found) {
			found(found, page.messages);
		}
		else if (page.log instanceof LogPage.Lost lost) {
			lost(lost);
		}
	}

	private void found(LogPage.Found page, List<EncodedMessage> messages) {
		boolean rewinding = this.request.resume() == null && this.through == null;
		Position end = rewinding ? page.head() : page.through();
		if (this.through == null) {
			if (!end.sameEpoch(this.audience.position())) {
				feedIsBehind();
				return;
			}
			answer(rewinding ? Recovery.NOT_ASKED : Recovery.RECOVERED, startOfLive(end), replayed(page, end));
		}
		this.attempts = 0;
		this.through = end;
		this.pending.addAll(messages);
		pump();
	}

	private void lost(LogPage.Lost page) {
		Position read = this.through;
		Position delivered = this.audience.position();
		if (read != null) {
			boolean sameEpoch = delivered.sameEpoch(read);
			leaveOut(delivered.epoch(), sameEpoch ? read.seq() + 1 : 1, delivered,
					sameEpoch ? Gap.EXPIRED : Gap.EPOCH_CHANGED);
		}
		else if (!page.head().sameEpoch(delivered)) {
			feedIsBehind();
		}
		else {
			live((page.reason() == LogPage.Reason.EXPIRED) ? Recovery.EXPIRED : Recovery.EPOCH_CHANGED);
		}
	}

	/**
	 * Goes on behind a range that cannot be had, although the client was told that all
	 * follows. A client that does not understand gaps is closed instead: it comes back,
	 * names its position, and is told that it could not be recovered.
	 */
	private void leaveOut(String epoch, long from, Position delivered, String reason) {
		if (this.subscriber.connection.wantsControlEvents()) {
			this.subscriber.gap(epoch, from, delivered.seq(), reason);
			join(delivered);
		}
		else {
			this.subscriber.connection.writer.overflow();
		}
	}

	/** The log knows an epoch that this node's feed has not seen yet. */
	private void feedIsBehind() {
		this.shared.pages.forget(this.subscriber.topic());
		this.subscriber.feed.check();
		again(this::begin);
	}

	private void tryAgain(@Nullable Throwable failure) {
		logger.debug("Topic \"{}\" could not be read to recover a subscription; trying again", this.subscriber.topic(),
				failure);
		Position read = this.through;
		again((read == null) ? this::begin : () -> readAfter(read));
	}

	private void again(Runnable step) {
		if (++this.attempts > MAX_ATTEMPTS) {
			this.subscriber.connection.close(CloseReason.UNAVAILABLE);
			return;
		}
		this.reading = true;
		this.shared.clock.after(Duration.ofMillis(FIRST_DELAY_MILLIS << this.attempts),
				() -> this.subscriber.connection.execute(() -> {
					this.reading = false;
					if (!this.subscriber.ended) {
						step.run();
					}
				}));
	}

	private void live(Recovery outcome) {
		Position position = this.audience.position();
		answer(outcome, position, 0);
		join(position);
	}

	private void answer(Recovery outcome, Position position, int replayed) {
		if (this.request.resume() != null && replayed > 0) {
			this.shared.stats.replays(this.subscriber.connection, replayed);
		}
		if (this.subscriber.isByPattern()) {
			answerByPattern(outcome, position);
			return;
		}
		this.outcome = outcome;
		this.shared.stats.subscribed(outcome);
		String receipt = this.request.receipt();
		if (receipt != null) {
			SubscribeOutcome told = new SubscribeOutcome(this.subscriber.topic(), position, outcome, replayed);
			this.subscriber.connection.writer.enqueueUnowned(Frame.of(this.shared.encoder.receipt(receipt, told)));
		}
		SubscribeListener listener = this.request.listener();
		if (listener != null) {
			this.subscriber.connection.shard.contain(() -> listener.answered(outcome));
		}
	}

	/** Its SUBSCRIBE is answered already: what cannot be recovered is a gap. */
	private void answerByPattern(Recovery outcome, Position position) {
		String reason = outcome.reason();
		Position resume = this.request.resume();
		if (reason != null && resume != null) {
			long from = position.sameEpoch(resume) ? resume.seq() + 1 : 1;
			this.subscriber.gap(position.epoch(), from, position.seq(), reason);
		}
	}

	private void join(Position served) {
		this.subscriber.served(served);
		this.subscriber.endReplay();
		this.audience.add(this.subscriber);
		this.shared.subscribers.live(this.subscriber);
		report();
	}

	/** Reports the recovery of a client that named a position itself. */
	private void report() {
		Recovery told = this.outcome;
		if (told != null && this.request.resume() != null) {
			long nanos = this.subscriber.connection.environment().nanoTime() - this.askedNanos;
			this.subscriber.connection.shard.contain(() -> this.shared.stats.recovered(told, nanos, this.handed));
			SubscribeListener listener = this.request.listener();
			if (listener != null) {
				this.subscriber.connection.shard.contain(() -> listener.recovered(told, nanos, this.handed));
			}
		}
	}

	private Position startOfLive(Position end) {
		Position delivered = this.audience.position();
		return (!delivered.sameEpoch(end) || delivered.seq() > end.seq()) ? delivered : end;
	}

	private int replayed(LogPage.Found page, Position end) {
		Position resume = this.request.resume();
		if (resume == null || end.seq() >= this.audience.position().seq()) {
			return page.messages().size();
		}
		return (int) (this.audience.position().seq() - resume.seq());
	}

}
