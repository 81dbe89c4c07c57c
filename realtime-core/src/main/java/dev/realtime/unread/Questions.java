package dev.realtime.unread;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a store about many keys, one question at a time. A question that fails leaves its
 * keys to the next look and does not affect the others; see {@link Batches}. Confined to
 * the watch's loop.
 */
final class Questions<K, A> {

	private static final Logger logger = LoggerFactory.getLogger(UnreadWatch.class);

	private static final Duration ANSWER = Duration.ofSeconds(30);

	/** After so many failures in a row the store is left alone until the next look. */
	private static final int MAX_FAILURES = 3;

	private final String what;

	private final Function<List<K>, CompletionStage<List<A>>> store;

	private final Batches<K> batches;

	private final Loop loop;

	/** What failed in this look. */
	private final List<List<K>> failed = new ArrayList<>();

	/** How many keys began to pause since the last line in the log. */
	private final LogThrottle named;

	/**
	 * Questions to a store.
	 * @param what the subject of a line in the log, in the plural
	 * @param size the most keys of one question
	 * @param pause how long a key that failed alone is not asked about at first
	 * @param store answers one for each key, in their order
	 */
	Questions(String what, int size, Duration pause, Loop loop, Function<List<K>, CompletionStage<List<A>>> store) {
		this.what = what;
		this.named = new LogThrottle(loop.environment());
		this.batches = new Batches<>(size, pause);
		this.loop = loop;
		this.store = store;
	}

	/**
	 * Asks about the keys; blocks.
	 * @param answers gets each key with its answer
	 * @return what the store said about them
	 */
	Outcome ask(Collection<K> keys, BiConsumer<K, A> answers) throws InterruptedException {
		boolean answered = false;
		Throwable failure = null;
		int failures = 0;
		for (List<K> batch : this.batches.of(keys, this.loop.environment().nanoTime())) {
			try {
				List<A> answer = answer(batch);
				this.batches.answered(batch);
				for (int i = 0; i < batch.size(); i++) {
					answers.accept(batch.get(i), answer.get(i));
				}
				answered = true;
				failures = 0;
			}
			catch (InterruptedException ex) {
				throw ex;
			}
			catch (Throwable ex) {
				failure = ex;
				this.failed.add(batch);
				failures++;
				if (ex instanceof Error) {
					this.loop.failed(ex);
				}
				if (failures == MAX_FAILURES) {
					break;
				}
			}
		}
		return new Outcome(answered, failure);
	}

	/**
	 * Ends a look.
	 * @param answering whether the store answered any question of it. If it did not, the
	 * store is away and no key is to blame
	 */
	void end(boolean answering, Predicate<K> wanted) {
		long now = this.loop.environment().nanoTime();
		if (answering) {
			for (List<K> batch : this.failed) {
				if (this.batches.failed(batch, now)) {
					name(batch.get(0));
				}
			}
		}
		this.failed.clear();
		this.batches.retain(wanted);
	}

	private void name(K key) {
		long since = this.named.add();
		if (since > 0) {
			logger.warn("{} cannot be looked up for {}, although they can be for others; trying again later ({} "
					+ "failures since this was last logged)", this.what, key, since);
		}
	}

	private List<A> answer(List<K> batch) throws Exception {
		List<A> answer = this.loop.environment().await(this.store.apply(batch).toCompletableFuture(), ANSWER);
		this.loop.progressed();
		if (answer.size() != batch.size()) {
			throw new IllegalStateException(
					"The store answered " + answer.size() + " instead of " + batch.size() + " questions");
		}
		return answer;
	}

}
