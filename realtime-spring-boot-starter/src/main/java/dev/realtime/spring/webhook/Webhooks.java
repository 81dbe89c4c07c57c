package dev.realtime.spring.webhook;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import dev.realtime.loop.Loop;
import dev.realtime.spring.NodePart;
import dev.realtime.spring.WebhookEvent;
import dev.realtime.spring.occupancy.TopicObserver;
import dev.realtime.spring.occupancy.TopicOccupiedEvent;
import dev.realtime.spring.occupancy.TopicVacatedEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes events to the webhooks. Ends after the connections, so that what they cause is
 * delivered too.
 */
final class Webhooks implements NodePart, TopicObserver {

	private static final Logger logger = LoggerFactory.getLogger(Webhooks.class);

	/** Below that of the node. */
	private static final int PHASE = 512;

	/** For the loop to notice that the time of each webhook is over. */
	private static final Duration MARGIN = Duration.ofSeconds(1);

	private final List<Webhook> webhooks;

	private final Loop loop;

	private final List<Loop> http;

	private final Duration longest;

	/**
	 * Makes them.
	 * @param loop runs the webhooks; closed by this
	 * @param http run the tasks of the HTTP clients; closed by this
	 * @param longest how long a webhook may go on when the node ends
	 */
	Webhooks(List<Webhook> webhooks, Loop loop, List<Loop> http, Duration longest) {
		this.webhooks = List.copyOf(webhooks);
		this.loop = loop;
		this.http = List.copyOf(http);
		this.longest = longest.plus(MARGIN);
	}

	@Override
	public void published(Object event) {
		if (event instanceof TopicOccupiedEvent occupied) {
			offer(Happening.ofTopic(WebhookEvent.TOPIC_OCCUPIED, occupied.topic(), occupied.node(), occupied.time()));
		}
		else if (event instanceof TopicVacatedEvent vacated) {
			offer(Happening.ofTopic(WebhookEvent.TOPIC_VACATED, vacated.topic(), vacated.node(), vacated.time()));
		}
	}

	/** Something happened; any thread, does not block. */
	void offer(Happening happening) {
		this.webhooks.forEach((webhook) -> webhook.offer(happening));
	}

	List<Webhook> all() {
		return this.webhooks;
	}

	@Override
	public void start() {
		// They work from the start.
	}

	/** Idempotent; takes the longest {@code shutdown-timeout} at most. */
	@Override
	public void stop() {
		if (this.loop.isClosed()) {
			return;
		}
		CompletableFuture<Void> all = CompletableFuture
			.allOf(this.webhooks.stream().map(Webhook::drain).toArray(CompletableFuture<?>[]::new));
		try {
			Object unused = this.loop.environment().await(all, this.longest);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.info("Webhooks did not end in time", ex);
		}
		finally {
			this.loop.close();
			this.http.forEach(Loop::close);
		}
	}

	@Override
	public boolean isRunning() {
		return !this.loop.isClosed();
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
