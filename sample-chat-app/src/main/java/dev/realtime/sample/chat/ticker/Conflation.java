package dev.realtime.sample.chat.ticker;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps the newest quote of each symbol and forgets the others. However fast quotes come
 * in, what goes out has the size of the list of symbols. Safe for any number of threads.
 */
class Conflation {

	private final ConcurrentSkipListMap<String, Quote> newest = new ConcurrentSkipListMap<>();

	private final LongAdder in = new LongAdder();

	void offer(Quote quote) {
		this.newest.put(quote.symbol(), quote);
		this.in.increment();
	}

	/** The picture now; what came in is counted anew. */
	Frame take(long number) {
		return new Frame(number, this.in.sumThenReset(), List.copyOf(this.newest.values()));
	}

}
