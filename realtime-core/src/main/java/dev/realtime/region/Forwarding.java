package dev.realtime.region;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.realtime.Epochs;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.loop.Environment;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;

/**
 * Forwards publications to the homes of their topics. Each gets one answer within the
 * timeout, or fails then. Safe for any number of threads.
 */
final class Forwarding {

	private static final Duration TICK = Duration.ofMillis(50);

	private final RegionOptions options;

	private final Bridge bridge;

	private final Environment environment;

	/** Names this process to the homes. */
	private final String life;

	private final AtomicLong numbers = new AtomicLong();

	/** By number, which rises with the deadlines. */
	private final Map<Long, Pending> pending = new ConcurrentHashMap<>();

	private final AtomicInteger count = new AtomicInteger();

	/** When a region was last heard of, or when this node began to listen. */
	private final Map<String, Long> heardNanos = new ConcurrentHashMap<>();

	/** The regions that were heard of. */
	private final Set<String> heard = ConcurrentHashMap.newKeySet();

	Forwarding(RegionOptions options, Bridge bridge, Environment environment) {
		this.environment = environment;
		this.life = Epochs.next(environment.secureRandom());
		this.options = options;
		this.bridge = bridge;
	}

	void start(Loop loop) {
		long now = this.environment.nanoTime();
		this.options.others().forEach((each) -> this.heardNanos.put(each, now));
		loop.every(TICK, this::expire);
	}

	/** Publications without an answer. */
	int pending() {
		return this.count.get();
	}

	/** How long nothing was heard of a region. */
	Duration silence(String region) {
		Long heard = this.heardNanos.get(region);
		return (heard != null) ? Duration.ofNanos(this.environment.nanoTime() - heard) : Duration.ZERO;
	}

	/**
	 * Whether a region does not answer, as far as is known, or has not been heard of yet.
	 */
	boolean isLost(String region) {
		return !this.heard.contains(region) || silence(region).compareTo(this.options.timeout()) > 0;
	}

	/** Any thread; never blocks. */
	CompletionStage<PublishReceipt> publish(String home, int slot, Publication publication) {
		Topic topic = publication.topic();
		if (isLost(home)) {
			return CompletableFuture.failedFuture(refused(topic,
					"its home, the region \"" + home + "\", has not been heard from "
							+ (this.heard.contains(home) ? "for " + silence(home).toSeconds() + " s" : "yet")
							+ "; nothing was published"));
		}
		if (this.count.incrementAndGet() > this.options.pending()) {
			this.count.decrementAndGet();
			return CompletableFuture
				.failedFuture(refused(topic, this.options.pending() + " publications of this node already wait for "
						+ "the homes of their topics, which is the most allowed; try again later"));
		}
		long number = this.numbers.incrementAndGet();
		String own = publication.idempotencyKey();
		Pending waiting = new Pending(home, topic, publication.id() != null,
				this.environment.nanoTime() + this.options.timeout().toNanos());
		try {
			byte[] letter = Letters.write(new Letter.Forwarded(this.options.own(), this.life, number,
					this.environment.clock().millis() + this.options.timeout().toMillis(),
					(own != null) ? own : "region:" + this.life + '-' + number, publication));
			this.pending.put(number, waiting);
			var unused = this.bridge.ask(home, slot, letter).whenComplete((sent, failure) -> {
				if (failure != null) {
					notSent(number, failure);
				}
			});
		}
		catch (Throwable ex) {
			// The arguments were wrong, or this node is out of memory.
			complete(number, waiting, null, PublishException.refused(topic, String.valueOf(ex.getMessage()), ex));
		}
		return waiting.answer;
	}

	/** The bridge's thread. */
	void answered(Letter letter) {
		if (letter instanceof Letter.Beat beat) {
			if (this.options.others().contains(beat.region())) {
				this.heardNanos.put(beat.region(), this.environment.nanoTime());
				this.heard.add(beat.region());
			}
		}
		else if (letter instanceof Letter.Published published && published.life().equals(this.life)) {
			Pending waiting = this.pending.get(published.number());
			if (waiting != null) {
				boolean duplicate = published.duplicate() && waiting.hasId;
				complete(published.number(), waiting, new PublishReceipt(waiting.topic, published.position(),
						published.timestamp(), duplicate, published.replicated()), null);
			}
		}
		else if (letter instanceof Letter.Failed failed && failed.life().equals(this.life)) {
			Pending waiting = this.pending.get(failed.number());
			if (waiting != null) {
				Topic topic = waiting.topic;
				String why = "its home, the region \"" + waiting.home + "\", answers: " + failed.why();
				complete(failed.number(), waiting, null, failed.outcomeUnknown() ? unknown(topic, why)
						: PublishException.refused(topic, why, new HomeAwayException(why)));
			}
		}
	}

	/** What is without an answer fails now. */
	void close() {
		this.pending.forEach((number, waiting) -> complete(number, waiting, null,
				unknown(waiting.topic, "this node was closed before its home answered")));
	}

	private void expire() {
		long now = this.environment.nanoTime();
		this.pending.forEach((number, waiting) -> {
			if (now - waiting.endNanos >= 0) {
				complete(number, waiting, null, unknown(waiting.topic, "its home, the region \"" + waiting.home
						+ "\", has not answered within " + this.options.timeout().toMillis() + " ms"));
			}
		});
	}

	private void notSent(long number, Throwable failure) {
		Pending waiting = this.pending.get(number);
		if (waiting == null) {
			return;
		}
		Throwable cause = (failure.getCause() != null && !(failure instanceof BridgeException)) ? failure.getCause()
				: failure;
		String why = "the bridge to its home, the region \"" + waiting.home + "\", fails: " + cause.getMessage();
		Topic topic = waiting.topic;
		boolean certain = cause instanceof BridgeException known && !known.isMaybeSent();
		complete(number, waiting, null, certain ? refused(topic, why) : unknown(topic, why));
	}

	private void complete(long number, Pending waiting, @Nullable PublishReceipt receipt,
			@Nullable PublishException failure) {
		this.pending.remove(number);
		boolean first = (failure != null) ? waiting.answer.completeExceptionally(failure)
				: waiting.answer.complete(receipt);
		if (first) {
			this.count.decrementAndGet();
		}
	}

	private static PublishException refused(Topic topic, String why) {
		return PublishException.refused(topic, why, new HomeAwayException(why));
	}

	private static PublishException unknown(Topic topic, String why) {
		return PublishException.unknown(topic, why, new HomeAwayException(why));
	}

	/** One publication without an answer. */
	private static final class Pending {

		final String home;

		final Topic topic;

		final boolean hasId;

		final long endNanos;

		final CompletableFuture<PublishReceipt> answer = new CompletableFuture<>();

		Pending(String home, Topic topic, boolean hasId, long endNanos) {
			this.home = home;
			this.topic = topic;
			this.hasId = hasId;
			this.endNanos = endNanos;
		}

	}

}
