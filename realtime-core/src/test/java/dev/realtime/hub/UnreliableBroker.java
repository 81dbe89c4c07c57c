package dev.realtime.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.broker.Broker;
import dev.realtime.broker.DelegatingBroker;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import dev.realtime.relay.Relay;
import org.jspecify.annotations.Nullable;

/**
 * A real memory broker whose announcements can be lost, repeated or held back, and whose
 * log can be away: what a relay is allowed to do to a hub.
 */
public final class UnreliableBroker extends DelegatingBroker implements Relay.Listener {

	private final MemoryBroker broker = new MemoryBroker(java.time.Clock.systemUTC());

	private final List<TopicMessage> heldBack = new ArrayList<>();

	private Relay.@Nullable Listener listener;

	public volatile Predicate<TopicMessage> lost = (message) -> false;

	public volatile Predicate<TopicMessage> repeated = (message) -> false;

	public volatile Predicate<TopicMessage> late = (message) -> false;

	public volatile boolean logAway;

	/** The log keeps to itself what comes after this number: it is not settled. */
	public volatile long settled = Long.MAX_VALUE;

	/** How often messages were read from the log. */
	public final AtomicInteger reads = new AtomicInteger();

	@Override
	public void start(Relay.Listener listener) {
		this.listener = listener;
		this.broker.start(this);
	}

	@Override
	public void onMessage(TopicMessage message) {
		if (this.lost.test(message)) {
			return;
		}
		if (this.late.test(message)) {
			synchronized (this.heldBack) {
				this.heldBack.add(message);
			}
			return;
		}
		pass(message);
		if (this.repeated.test(message)) {
			pass(message);
		}
	}

	@Override
	public void onSignal(Signal signal) {
		if (this.listener != null) {
			this.listener.onSignal(signal);
		}
	}

	@Override
	public void onReconnected() {
		if (this.listener != null) {
			this.listener.onReconnected();
		}
	}

	/** What was held back arrives now, the newest first. */
	public void releaseReversed() {
		List<TopicMessage> all;
		synchronized (this.heldBack) {
			all = List.copyOf(this.heldBack);
			this.heldBack.clear();
		}
		for (int i = all.size() - 1; i >= 0; i--) {
			pass(all.get(i));
		}
	}

	public void pass(TopicMessage message) {
		if (this.listener != null) {
			this.listener.onMessage(message);
		}
	}

	@Override
	protected Broker delegate() {
		return this.broker;
	}

	@Override
	public TopicLog log() {
		TopicLog log = this.broker.log();
		return new TopicLog() {

			@Override
			public CompletionStage<List<Position>> heads(List<Topic> topics) {
				return UnreliableBroker.this.logAway ? away()
						: log.heads(topics)
							.thenApply((heads) -> heads.stream()
								.map((head) -> head.withSeq(Math.min(head.seq(), UnreliableBroker.this.settled)))
								.toList());
			}

			@Override
			public CompletionStage<LogPage> read(Topic topic, Position after, int limit) {
				UnreliableBroker.this.reads.incrementAndGet();
				return UnreliableBroker.this.logAway ? away()
						: log.read(topic, after, limit).thenApply(UnreliableBroker.this::settled);
			}

			@Override
			public CompletionStage<LogPage> readBefore(Topic topic, @Nullable Position before, int limit) {
				return UnreliableBroker.this.logAway ? away() : log.readBefore(topic, before, limit);
			}

		};
	}

	private LogPage settled(LogPage page) {
		if (!(page instanceof LogPage.Found found) || found.through().seq() <= this.settled) {
			return page;
		}
		Position end = found.head().withSeq(this.settled);
		return new LogPage.Found(found.messages().stream().filter((message) -> message.seq() <= this.settled).toList(),
				end, end, false);
	}

	@Override
	public boolean isConnected() {
		return !this.logAway;
	}

	private static <T> CompletionStage<T> away() {
		return CompletableFuture.failedFuture(new IllegalStateException("The log is away"));
	}

}
