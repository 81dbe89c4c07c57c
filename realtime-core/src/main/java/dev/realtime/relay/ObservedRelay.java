package dev.realtime.relay;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import dev.realtime.TopicMessage;
import dev.realtime.loop.Environment;
import dev.realtime.loop.LogThrottle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A relay whose announcements of messages with a {@link dev.realtime.Content#trace()
 * trace} are observed. All else is the relay's own.
 */
public final class ObservedRelay extends DelegatingRelay {

	private static final Logger logger = LoggerFactory.getLogger(ObservedRelay.class);

	private final Supplier<AnnounceListener> listener;

	private final Environment environment;

	private final LogThrottle failures;

	/**
	 * Observes the relay, which is not started yet.
	 * @param listener asked at each announcement of a message with a trace; quick
	 */
	public ObservedRelay(Relay relay, Supplier<AnnounceListener> listener, Environment environment) {
		super(relay);
		this.listener = listener;
		this.environment = environment;
		this.failures = new LogThrottle(environment);
	}

	@Override
	public CompletionStage<Void> announce(TopicMessage message) {
		return (message.content().trace() != null) ? observed(message) : super.announce(message);
	}

	private CompletionStage<Void> observed(TopicMessage message) {
		long began = this.environment.nanoTime();
		try {
			CompletionStage<Void> announced = super.announce(message);
			CompletionStage<Void> unused = announced.whenComplete((done, failure) -> tell(message, began, failure));
			// The caller gets the relay's own stage, which no listener can fail.
			return announced;
		}
		catch (Throwable ex) {
			tell(message, began, ex);
			throw ex;
		}
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

}
