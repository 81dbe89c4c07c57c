package dev.realtime.relay;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.loop.Environment;
import dev.realtime.loop.LogThrottle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A relay whose announcements of messages with a {@link dev.realtime.Content#trace()
 * trace} are observed. All else is the relay's own.
 */
public final class ObservedRelay implements Relay {

	private static final Logger logger = LoggerFactory.getLogger(ObservedRelay.class);

	private final Relay relay;

	private final Supplier<AnnounceListener> listener;

	private final Environment environment;

	private final LogThrottle failures;

	/**
	 * Observes the relay, which is not started yet.
	 * @param listener asked at each announcement of a message with a trace; quick
	 */
	public ObservedRelay(Relay relay, Supplier<AnnounceListener> listener, Environment environment) {
		this.relay = relay;
		this.listener = listener;
		this.environment = environment;
		this.failures = new LogThrottle(environment);
	}

	@Override
	public CompletionStage<Void> announce(TopicMessage message) {
		return (message.content().trace() != null) ? observed(message) : this.relay.announce(message);
	}

	private CompletionStage<Void> observed(TopicMessage message) {
		long began = this.environment.nanoTime();
		CompletionStage<Void> announced;
		try {
			announced = this.relay.announce(message);
		}
		catch (RuntimeException | Error ex) {
			tell(message, began, ex);
			throw ex;
		}
		// The caller gets the relay's own stage, which no listener can fail.
		CompletionStage<Void> unused = announced.whenComplete((done, failure) -> tell(message, began, failure));
		return announced;
	}

	private void tell(TopicMessage message, long began, @Nullable Throwable failure) {
		try {
			this.listener.get().announced(message, this.environment.nanoTime() - began, failure);
		}
		catch (Throwable ex) {
			long since = this.failures.add();
			if (since > 0) {
				logger.error("A listener of announcements failed ({} failures since this was last logged)", since, ex);
			}
		}
	}

	@Override
	public void start(Listener listener) {
		this.relay.start(listener);
	}

	@Override
	public void startAnnouncing() {
		this.relay.startAnnouncing();
	}

	@Override
	public CompletionStage<Void> subscribe(Topic topic) {
		return this.relay.subscribe(topic);
	}

	@Override
	public CompletionStage<Void> unsubscribe(Topic topic) {
		return this.relay.unsubscribe(topic);
	}

	@Override
	public CompletionStage<Void> subscribe(TopicPattern pattern) {
		return this.relay.subscribe(pattern);
	}

	@Override
	public CompletionStage<Void> unsubscribe(TopicPattern pattern) {
		return this.relay.unsubscribe(pattern);
	}

	@Override
	public CompletionStage<Void> signal(Signal signal) {
		return this.relay.signal(signal);
	}

	@Override
	public boolean isConnected() {
		return this.relay.isConnected();
	}

	@Override
	public @Nullable String problem() {
		return this.relay.problem();
	}

	@Override
	public void close() {
		this.relay.close();
	}

}
