package dev.realtime.relay;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;

/** A session that nothing is asked of. */
final class NoSession implements RelaySession {

	@Override
	public void subscribe(Subscription subscription) {
	}

	@Override
	public void unsubscribe(Subscription subscription) {
	}

	@Override
	public void confirm(Duration timeout) {
	}

	@Override
	public CompletionStage<Void> publish(Topic topic, byte[] bytes) {
		return CompletableFuture.completedStage(null);
	}

	@Override
	public boolean isOpen() {
		return false;
	}

	@Override
	public void close() {
	}

}
