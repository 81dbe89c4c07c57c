package dev.realtime.spring.webhook;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;

/**
 * Some of the topics and users of one webhook: sends one request at a time, in the order
 * of the events, and repeats it until it ends. Confined to the loop.
 */
final class Lane {

	private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

	private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

	private final Webhook webhook;

	private final Loop loop;

	private final Queue<WebhookMessage> queue = new ArrayDeque<>();

	/** The number of the attempt: what belongs to an earlier one is late. */
	private long attempt;

	/** Failed attempts in a row, whichever their messages. */
	private int failures;

	private State state = State.IDLE;

	private Loop.@Nullable Delayed timer;

	private @Nullable CompletableFuture<Answer> call;

	Lane(Webhook webhook, Loop loop) {
		this.webhook = webhook;
		this.loop = loop;
	}

	void add(WebhookMessage message) {
		this.queue.add(message);
		if (this.state == State.IDLE) {
			next();
		}
	}

	/**
	 * The node ends: there is no time for a long pause, now or after the request that is
	 * under way, unless the receiver asks for it.
	 */
	void hurry() {
		this.failures = 0;
		if (this.state == State.PAUSED) {
			stopTimer();
			next();
		}
	}

	/** Ends all that waits, and the request that is under way. */
	void end(Outcome outcome) {
		this.attempt++;
		this.state = State.IDLE;
		stopTimer();
		if (this.call != null) {
			boolean unused = this.call.cancel(true);
			this.call = null;
		}
		while (!this.queue.isEmpty()) {
			endFirst(outcome);
		}
	}

	private void next() {
		this.state = State.IDLE;
		WebhookMessage first = this.queue.peek();
		while (first != null && this.webhook.isExpired(first)) {
			endFirst(Outcome.EXPIRED);
			first = this.queue.peek();
		}
		if (first != null) {
			this.state = State.SENDING;
			send(first, ++this.attempt);
		}
	}

	private void send(WebhookMessage message, long number) {
		try {
			byte[] body = message.bytes();
			Map<String, String> headers = this.webhook.headers(message, body);
			this.timer = this.loop.after(this.webhook.timeout(),
					() -> answered(number, null, new TimeoutException("no answer within " + this.webhook.timeout())));
			CompletableFuture<Answer> sent = this.webhook.post(headers, body);
			this.call = sent;
			CompletionStage<Answer> unused = sent
				.whenComplete((answer, failure) -> this.loop.execute(() -> answered(number, answer, failure)));
		}
		catch (Throwable ex) {
			this.loop.failed(ex);
			answered(number, null, ex);
		}
	}

	private void answered(long number, @Nullable Answer answer, @Nullable Throwable failure) {
		if (number != this.attempt || this.state != State.SENDING) {
			return;
		}
		stopTimer();
		CompletableFuture<Answer> ended = this.call;
		this.call = null;
		if (ended != null) {
			boolean unused = ended.cancel(true);
		}
		if (answer == null || answer.isRetried()) {
			again(answer, failure);
		}
		else if (answer.isGone()) {
			this.webhook.gone();
		}
		else {
			this.failures = 0;
			if (!answer.isDelivered()) {
				this.webhook.rejected(answer);
			}
			endFirst(answer.isDelivered() ? Outcome.DELIVERED : Outcome.REJECTED);
			next();
		}
	}

	private void again(@Nullable Answer answer, @Nullable Throwable failure) {
		Duration asked = (answer != null) ? answer.retryAfter() : Duration.ZERO;
		Duration pause = pause(this.failures++);
		boolean longer = asked.compareTo(pause) > 0;
		this.state = longer ? State.ASKED_TO_WAIT : State.PAUSED;
		this.timer = this.loop.after(longer ? asked : pause, this::next);
		this.webhook.failed(answer, failure);
	}

	/** Half of it is random, so that nodes do not repeat at the same moment. */
	private Duration pause(int before) {
		long most = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(before, 10));
		return Duration.ofMillis(most / 2 + this.loop.environment().random().nextLong(most / 2 + 1));
	}

	private void endFirst(Outcome outcome) {
		this.queue.remove();
		this.webhook.ended(outcome);
	}

	private void stopTimer() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	private enum State {

		/** Nothing waits. */
		IDLE,

		/** A request is under way. */
		SENDING,

		/** The next attempt has its time. */
		PAUSED,

		/** The same, and that time is the receiver's wish. */
		ASKED_TO_WAIT

	}

}
