package dev.realtime.spring.rates;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.rate.FleetRates;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the fleet what users have taken from the buckets of this node, and takes from
 * those what users have taken elsewhere. This node decides by itself in any case: nothing
 * waits for Redis, and without Redis each node counts for itself.
 */
final class FleetExchange {

	private static final Logger logger = LoggerFactory.getLogger(FleetExchange.class);

	private final FleetRates fleet;

	private final ClientBuckets clients;

	private final AtomicInteger underWay = new AtomicInteger();

	private final AtomicBoolean away = new AtomicBoolean();

	FleetExchange(FleetRates fleet, ClientBuckets clients) {
		this.fleet = fleet;
		this.clients = clients;
	}

	/** Makes a round, unless the last one is still under way. */
	void exchange() {
		if (this.underWay.get() == 0) {
			this.clients.forEachUser(this::exchange);
		}
	}

	private void exchange(String user, Buckets buckets) {
		List<Spent> spent = buckets.spent();
		if (spent.isEmpty()) {
			return;
		}
		this.underWay.incrementAndGet();
		var unused = take(user, spent).whenComplete((left, failure) -> {
			this.underWay.decrementAndGet();
			if (failure != null) {
				failed(failure);
			}
			else {
				answered(buckets, spent, left);
			}
		});
	}

	/** A store that throws must not keep the next rounds waiting. */
	private CompletionStage<List<Long>> take(String user, List<Spent> spent) {
		try {
			return this.fleet.take(user, spent.stream().map(Spent::take).toList());
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private void answered(Buckets buckets, List<Spent> spent, List<Long> left) {
		if (this.away.compareAndSet(true, false)) {
			logger.info("The rates of users are limited across the fleet again");
		}
		for (int i = 0; i < spent.size(); i++) {
			buckets.leaveAtMost(spent.get(i).kind(), left.get(i));
		}
	}

	private void failed(Throwable failure) {
		if (this.away.compareAndSet(false, true)) {
			logger.warn("The rates of users are limited on this node alone, because Redis does not answer: {}",
					failure.toString());
		}
		logger.debug("The failure with its stack trace", failure);
	}

	/** What was taken of one kind. */
	record Spent(RateKind kind, FleetRates.Take take) {
	}

}
