package dev.realtime.sample.chat.ticker;

import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

import org.springframework.stereotype.Component;

/**
 * Stands for a market's feed: about a thousand quotes a second. Every node hears the same
 * prices, as it would from a real one; they depend on the time alone.
 */
@Component
class Market {

	private static final Map<String, Double> SYMBOLS = Map.of("ACME", 182.4, "BOLT", 41.07, "CORE", 96.5, "DUNE", 12.83,
			"ECHO", 310.2, "FLUX", 58.9, "GLOW", 7.41, "HALO", 140.0, "IRIS", 23.66, "JOLT", 75.25);

	/** How often each symbol moves. */
	private static final long MOVE_MILLIS = 100;

	/** Called a hundred times a second, each symbol is quoted so often. */
	static final long STEP_MILLIS = 10;

	private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

	private final Clock clock = Clock.systemUTC();

	void quote(Consumer<Quote> listener) {
		quotes(this.clock.millis()).forEach(listener);
	}

	/** At what the day began. */
	List<Quote> opening() {
		return quotes(this.clock.millis() / DAY_MILLIS * DAY_MILLIS);
	}

	private static List<Quote> quotes(long time) {
		return SYMBOLS.entrySet()
			.stream()
			.map((symbol) -> new Quote(symbol.getKey(), price(symbol.getKey(), symbol.getValue(), time)))
			.sorted(Comparator.comparing(Quote::symbol))
			.toList();
	}

	private static double price(String symbol, double base, long now) {
		double seconds = now / 1_000.0;
		int phase = symbol.hashCode() % 1_000;
		double swing = 0.03 * Math.sin(seconds / 97 + phase) + 0.011 * Math.sin(seconds / 11 + phase * 3.0);
		double noise = new SplittableRandom(now / MOVE_MILLIS * 31 + phase).nextDouble(-0.003, 0.003);
		return Math.round(base * (1 + swing + noise) * 100) / 100.0;
	}

}
