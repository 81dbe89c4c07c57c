package dev.realtime.broker.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.TopicMessage;
import dev.realtime.log.jdbc.MessageLocation;
import dev.realtime.loop.Environment;
import dev.realtime.relay.Relay;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces what is committed, and keeps in mind whose row of the outbox can go. What
 * cannot be announced stays in the outbox and is tried again from there. Safe for any
 * number of threads.
 */
final class Announcer {

	/** How many rows are kept in mind; the outbox's poll finds what is beyond. */
	static final int MAX_ANNOUNCED = 100_000;

	private static final Logger logger = LoggerFactory.getLogger(Announcer.class);

	private final Relay relay;

	private final Environment environment;

	private final Queue<MessageLocation> announced = new ConcurrentLinkedQueue<>();

	private final AtomicInteger size = new AtomicInteger();

	Announcer(Relay relay, Environment environment) {
		this.environment = environment;
		this.relay = relay;
	}

	/** Announces without waiting. */
	void announce(TopicMessage message) {
		var unused = call(message).whenComplete((done, failure) -> {
			if (failure != null) {
				logger.debug("Message {} of topic \"{}\" was not announced and stays in the outbox", message.position(),
						message.topic(), failure);
			}
			else if (this.size.incrementAndGet() <= MAX_ANNOUNCED) {
				this.announced.add(MessageLocation.of(message));
			}
			else {
				this.size.decrementAndGet();
			}
		});
	}

	/** Announces, and waits at most so long; blocks. */
	Outcome announceAndWait(List<TopicMessage> messages, long millis) {
		Map<TopicMessage, CompletableFuture<Void>> calls = new LinkedHashMap<>();
		messages.forEach((message) -> calls.put(message, call(message)));
		Throwable error = null;
		try {
			Void unused = this.environment.await(
					CompletableFuture.allOf(calls.values().toArray(CompletableFuture[]::new)),
					Duration.ofMillis(millis));
		}
		catch (ExecutionException ex) {
			error = (ex.getCause() != null) ? ex.getCause() : ex;
		}
		catch (TimeoutException ex) {
			error = new TimeoutException("not announced within " + millis + " ms");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			error = ex;
		}
		List<MessageLocation> done = new ArrayList<>();
		List<MessageLocation> failed = new ArrayList<>();
		calls.forEach((message, call) -> {
			boolean announced = call.isDone() && !call.isCompletedExceptionally();
			(announced ? done : failed).add(MessageLocation.of(message));
		});
		return new Outcome(done, failed, (error != null) ? error.toString() : null);
	}

	/** Takes at most so many of those whose rows can go. */
	List<MessageLocation> takeAnnounced(int limit) {
		List<MessageLocation> taken = new ArrayList<>();
		while (taken.size() < limit) {
			MessageLocation next = this.announced.poll();
			if (next == null) {
				break;
			}
			taken.add(next);
		}
		this.size.addAndGet(-taken.size());
		return taken;
	}

	private CompletableFuture<Void> call(TopicMessage message) {
		try {
			return this.relay.announce(message).toCompletableFuture();
		}
		catch (Throwable ex) {
			// costs this message alone, which stays in the outbox
			return CompletableFuture.failedFuture(ex);
		}
	}

	/** Which were announced, which not, and the first reason. */
	record Outcome(List<MessageLocation> done, List<MessageLocation> failed, @Nullable String error) {
	}

}
