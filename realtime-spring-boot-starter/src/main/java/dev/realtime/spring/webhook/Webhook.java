package dev.realtime.spring.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loop;
import dev.realtime.spring.WebhookProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One webhook: chooses its events, bounds what waits, and counts what became of it.
 * {@link #offer} may be called by any thread and does not block; everything else happens
 * on the loop.
 */
final class Webhook {

	private static final Logger logger = LoggerFactory.getLogger(Webhook.class);

	private final String name;

	private final WebhookProperties properties;

	private final List<TopicPattern> topics;

	private final Signer signer;

	private final Post post;

	private final Loop loop;

	private final List<Lane> lanes;

	private final WebhookCounts counts = new WebhookCounts();

	private final AtomicInteger waiting = new AtomicInteger();

	private final CompletableFuture<Boolean> drained = new CompletableFuture<>();

	private final LogThrottle failures;

	private final LogThrottle rejections;

	/** What becomes of later events, where that is known. */
	private volatile @Nullable Outcome over;

	/** The node ends, and goes on with what waits; the loop writes. */
	private volatile boolean closing;

	/**
	 * Makes a webhook.
	 * @param prefix of its properties
	 */
	Webhook(String name, String prefix, WebhookProperties properties, Post post, Loop loop) {
		this.name = name;
		this.properties = properties;
		this.topics = properties.patterns(prefix);
		this.signer = new Signer(properties.keys(prefix));
		this.post = post;
		this.loop = loop;
		this.lanes = Stream.generate(() -> new Lane(this, loop)).limit(properties.requests()).toList();
		this.failures = new LogThrottle(loop.environment());
		this.rejections = new LogThrottle(loop.environment());
	}

	/** Something happened; does not throw. */
	void offer(Happening happening) {
		if (!this.properties.events().contains(happening.event()) || !matches(happening.topic())) {
			return;
		}
		Outcome known = this.over;
		if (known != null) {
			this.counts.add(known);
		}
		else if (this.waiting.incrementAndGet() > this.properties.queue() || !add(happening)) {
			this.waiting.decrementAndGet();
			this.counts.add(Outcome.DROPPED);
			if (this.closing) {
				// the last of the others may have ended meanwhile
				this.loop.execute(this::endIfDrained);
			}
		}
	}

	private boolean matches(@Nullable Topic topic) {
		return topic == null || this.topics.isEmpty()
				|| this.topics.stream().anyMatch((pattern) -> pattern.matches(topic));
	}

	private boolean add(Happening happening) {
		try {
			WebhookMessage message = WebhookMessage.of(this.loop.environment().uuid().toString(), happening,
					this.loop.environment().nanoTime());
			return this.loop.tryExecute(() -> add(message));
		}
		catch (Throwable ex) {
			this.loop.failed(ex);
			return false;
		}
	}

	private void add(WebhookMessage message) {
		Outcome known = this.over;
		if (known != null) {
			ended(known);
		}
		else {
			this.lanes.get(Math.floorMod(message.key().hashCode(), this.lanes.size())).add(message);
		}
	}

	/**
	 * Delivers what waits, for {@code shutdown-timeout} at most, and then takes no more.
	 * @return completes on the loop when nothing waits
	 */
	CompletableFuture<Boolean> drain() {
		if (!this.loop.tryExecute(() -> {
			this.closing = true;
			this.loop.after(this.properties.shutdownTimeout(), this::close);
			this.lanes.forEach(Lane::hurry);
			endIfDrained();
		})) {
			this.drained.complete(false);
		}
		return this.drained;
	}

	private void close() {
		int left = waiting();
		if (left > 0) {
			logger.info("Webhook {}: {} events were not delivered, because this node ends", this.name, left);
		}
		this.closing = false;
		end(Outcome.CLOSED);
		this.drained.complete(left == 0);
	}

	private void end(Outcome outcome) {
		this.over = outcome;
		this.lanes.forEach((lane) -> lane.end(outcome));
	}

	private void endIfDrained() {
		if (this.closing && waiting() == 0) {
			this.over = (this.over != null) ? this.over : Outcome.CLOSED;
			this.drained.complete(true);
		}
	}

	/** Of a lane: the receiver wants no more. */
	void gone() {
		logger.warn("Webhook {} answered 410 Gone: this node sends it nothing more until it is started again",
				this.name);
		end(Outcome.GONE);
	}

	/** Of a lane: the receiver did not accept an event. */
	void rejected(Answer answer) {
		long times = this.rejections.add();
		if (times > 0) {
			logger.warn("Webhook {} answered {}: events are not sent again ({} since this was last logged)", this.name,
					answer.status(), times);
		}
	}

	/** Of a lane: an attempt failed and is repeated. */
	void failed(@Nullable Answer answer, @Nullable Throwable failure) {
		this.counts.addRetry();
		long times = this.failures.add();
		if (times > 0) {
			logger.warn("Webhook {} has failed and is repeated: {} ({} since this was last logged)", this.name,
					(answer != null) ? "status " + answer.status() : String.valueOf(failure), times);
		}
	}

	/** Of a lane: an event needs no further attempt. */
	void ended(Outcome outcome) {
		this.waiting.decrementAndGet();
		this.counts.add(outcome);
		endIfDrained();
	}

	boolean isExpired(WebhookMessage message) {
		return this.loop.environment().nanoTime() - message.sinceNanos() > this.properties.retryFor().toNanos();
	}

	/** The headers of an attempt that is made now. */
	Map<String, String> headers(WebhookMessage message, byte[] body) {
		long timestamp = this.loop.environment().clock().instant().getEpochSecond();
		return Map.of("content-type", "application/json", "user-agent", "realtime-webhooks", "webhook-id", message.id(),
				"webhook-timestamp", Long.toString(timestamp), "webhook-signature",
				this.signer.sign(message.id(), timestamp, body));
	}

	CompletableFuture<Answer> post(Map<String, String> headers, byte[] body) {
		return this.post.post(headers, body);
	}

	Duration timeout() {
		return this.properties.timeout();
	}

	String name() {
		return this.name;
	}

	WebhookCounts counts() {
		return this.counts;
	}

	/** How many events wait, those under way included. */
	int waiting() {
		return this.waiting.get();
	}

}
