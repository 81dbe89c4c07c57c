package dev.realtime.simulation;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;

/** A node's connection with the store: commands are answered in order, or not at all. */
final class StoreConnection {

	static final Duration TIMEOUT = Duration.ofSeconds(2);

	private final SimulatedStore store;

	/** The node's thread on which answers arrive. */
	private final Loop io;

	private final Wire requests;

	private final Wire answers;

	private final Map<Long, CompletableFuture<?>> open = Collections.synchronizedMap(new LinkedHashMap<>());

	private final AtomicLong sent = new AtomicLong();

	/** Rises when the connection breaks: what was on its way before is lost. */
	private final AtomicInteger life = new AtomicInteger();

	private volatile boolean cut;

	private volatile boolean closed;

	/** Whether commands arrive and answers do not. */
	private volatile boolean deaf;

	StoreConnection(SimulatedStore store, Loops loops) {
		this.store = store;
		this.io = loops.loop("store-io");
		this.requests = new Wire(store.network, store.loop);
		this.answers = new Wire(store.network, this.io);
	}

	boolean isConnected() {
		return !this.cut && !this.closed && !this.store.isAway();
	}

	<T> CompletionStage<T> call(Function<SimulatedStore, CompletionStage<T>> command) {
		if (!isConnected()) {
			return CompletableFuture.failedFuture(new NotSentException());
		}
		CompletableFuture<T> answer = new CompletableFuture<>();
		int sentIn = this.life.get();
		long number = this.sent.incrementAndGet();
		this.open.put(number, answer);
		Loop.Delayed timeout = this.io.after(TIMEOUT,
				() -> fail(answer, new TimeoutException("No answer within " + TIMEOUT)));
		CompletionStage<T> unused = answer.whenComplete((value, failure) -> {
			this.open.remove(number);
			timeout.cancel();
		});
		this.requests.send(() -> {
			if (this.life.get() == sentIn) {
				carryOut(command, answer, sentIn);
			}
		});
		return answer;
	}

	/** The connection breaks: what is under way has an unknown outcome. */
	void cut() {
		this.cut = true;
		this.life.incrementAndGet();
		this.io.execute(() -> List.copyOf(this.open.values())
			.forEach((each) -> fail(each, new IllegalStateException("The connection was lost"))));
	}

	void heal() {
		this.cut = false;
		this.deaf = false;
	}

	void loseAnswers() {
		this.deaf = true;
	}

	void close() {
		this.closed = true;
		cut();
		this.io.close();
	}

	private <T> void carryOut(Function<SimulatedStore, CompletionStage<T>> command, CompletableFuture<T> answer,
			int sentIn) {
		CompletionStage<T> unused = command.apply(this.store).whenComplete((value, failure) -> {
			if (this.deaf || this.life.get() != sentIn) {
				return;
			}
			this.answers.send(() -> {
				if (failure != null) {
					fail(answer, failure);
				}
				else if (this.life.get() == sentIn) {
					answer.complete(value);
				}
			});
		});
	}

	private static void fail(CompletableFuture<?> answer, Throwable failure) {
		answer.completeExceptionally(failure);
	}

	/** The command was not sent, so nothing happened. */
	static final class NotSentException extends IllegalStateException {

		NotSentException() {
			super("The store is not connected");
		}

	}

}
