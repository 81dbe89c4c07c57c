package dev.realtime.node;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.loop.Environment;
import dev.realtime.loop.LogThrottle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the publications of one process. Safe for any number of threads. */
final class PublishCounts {

	private static final Logger logger = LoggerFactory.getLogger(PublishCounts.class);

	private final Environment environment;

	private final LogThrottle listenerFailures;

	private final LongAdder published = new LongAdder();

	private final LongAdder failures = new LongAdder();

	private volatile @Nullable PublishListener listener;

	PublishCounts(Environment environment) {
		this.environment = environment;
		this.listenerFailures = new LogThrottle(environment);
	}

	void listener(PublishListener listener) {
		this.listener = listener;
	}

	long published() {
		return this.published.sum();
	}

	long failures() {
		return this.failures.sum();
	}

	/** Counts a message that was published in another way. */
	void committed() {
		this.published.increment();
	}

	/** Publishes, and counts what becomes of it. */
	CompletionStage<PublishReceipt> counted(Topic topic, Supplier<CompletionStage<PublishReceipt>> publish) {
		PublishListener told = this.listener;
		long start = (told != null) ? this.environment.nanoTime() : 0;
		return publish.get().whenComplete((receipt, failure) -> {
			(failure == null ? this.published : this.failures).increment();
			if (told != null) {
				tell(told, topic, this.environment.nanoTime() - start, failure);
			}
		});
	}

	/** What a listener throws must not become the publisher's outcome. */
	private void tell(PublishListener told, Topic topic, long nanos, @Nullable Throwable failure) {
		try {
			told.onPublished(topic, nanos, failure);
		}
		catch (Throwable ex) {
			long since = this.listenerFailures.add();
			if (since > 0) {
				logger.error("A publication listener failed ({} failures since this was last logged)", since, ex);
			}
		}
	}

}
