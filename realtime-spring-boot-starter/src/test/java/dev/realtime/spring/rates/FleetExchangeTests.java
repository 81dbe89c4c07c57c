package dev.realtime.spring.rates;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.rate.FleetRates;
import dev.realtime.spring.RatesProperties;
import io.github.bucket4j.TimeMeter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Two nodes that share the rates of users. */
@ExtendWith(OutputCaptureExtension.class)
class FleetExchangeTests {

	private final FakeFleet fleet = new FakeFleet();

	private final ClientBuckets one = clients();

	private final ClientBuckets two = clients();

	private final FleetExchange ofOne = new FleetExchange(this.fleet, this.one);

	private final FleetExchange ofTwo = new FleetExchange(this.fleet, this.two);

	@Test
	void whatAUserTakesOnOneNodeIsMissingOnTheOther() {
		assertThat(taken(this.one, "ann", 15)).isEqualTo(15);
		this.ofOne.exchange();
		assertThat(taken(this.two, "ann", 1)).isEqualTo(1);
		this.ofTwo.exchange();
		assertThat(taken(this.two, "ann", 10)).isEqualTo(4);
		assertThat(taken(this.two, "bob", 30)).isEqualTo(20);
	}

	@Test
	void whatTwoNodesHaveOverdrawnIsOwedOnBoth() {
		assertThat(taken(this.one, "ann", 20)).isEqualTo(20);
		assertThat(taken(this.two, "ann", 20)).isEqualTo(20);
		this.ofOne.exchange();
		this.ofTwo.exchange();
		assertThat(this.fleet.left).containsEntry("ann PUBLISHES", -20L);
		assertThat(taken(this.two, "ann", 1)).isZero();
	}

	@Test
	void whatIsRefusedOrGivenBackIsNotReported() {
		assertThat(taken(this.one, "ann", 50)).isEqualTo(20);
		this.ofOne.exchange();
		assertThat(this.fleet.left).containsEntry("ann PUBLISHES", 0L);
		this.ofOne.exchange();
		assertThat(this.fleet.left).containsEntry("ann PUBLISHES", 0L);
	}

	@Test
	void rule7_withoutTheFleetTheNodeCountsForItselfAndSaysSoOnce(CapturedOutput output) {
		this.fleet.away = true;
		for (int i = 0; i < 3; i++) {
			assertThat(taken(this.one, "user" + i, 30)).isEqualTo(20);
			this.ofOne.exchange();
		}
		assertThat(output.getOut().split("on this node alone", -1)).hasSize(2);
		this.fleet.away = false;
		assertThat(taken(this.one, "ann", 1)).isEqualTo(1);
		this.ofOne.exchange();
		assertThat(this.fleet.left).containsEntry("ann PUBLISHES", 19L);
		this.fleet.away = true;
		assertThat(taken(this.one, "ann", 1)).isEqualTo(1);
		this.ofOne.exchange();
		assertThat(output.getOut().split("on this node alone", -1)).hasSize(3);
	}

	@Test
	void aRoundWaitsForTheOneBefore() {
		this.fleet.answers = new CompletableFuture<>();
		taken(this.one, "ann", 1);
		this.ofOne.exchange();
		taken(this.one, "ann", 1);
		this.ofOne.exchange();
		assertThat(this.fleet.calls).isEqualTo(1);
		assertThat(this.fleet.answers.complete(null)).isTrue();
		this.ofOne.exchange();
		assertThat(this.fleet.calls).isEqualTo(2);
	}

	@Test
	void rule9_aRoundThatThrowsIsFollowedByTheNext() {
		this.fleet.broken = true;
		taken(this.one, "ann", 1);
		this.ofOne.exchange();
		this.fleet.broken = false;
		taken(this.one, "ann", 1);
		this.ofOne.exchange();
		assertThat(this.fleet.calls).isEqualTo(2);
	}

	private static int taken(ClientBuckets clients, String user, int tries) {
		int taken = 0;
		for (int i = 0; i < tries; i++) {
			try {
				clients.take(RateKind.PUBLISHES, 1, null, user, null);
				taken++;
			}
			catch (RateLimitedException ex) {
				assertThat(ex.word()).isEqualTo("rate-limited");
			}
		}
		return taken;
	}

	private static ClientBuckets clients() {
		Binder binder = new Binder(new MapConfigurationPropertySource(Map.of("realtime.rates.publishes", "2",
				"realtime.rates.user-factor", "1", "realtime.rates.fleet-wide", "true")));
		return new ClientBuckets(binder.bindOrCreate("realtime.rates", RatesProperties.class), new TimeMeter() {

			@Override
			public long currentTimeNanos() {
				return 1;
			}

			@Override
			public boolean isWallClockBased() {
				return false;
			}

		});
	}

	/** A store whose time stands still. */
	private static final class FakeFleet implements FleetRates {

		private final Map<String, Long> left = new HashMap<>();

		private boolean away;

		private boolean broken;

		private CompletableFuture<Void> answers = CompletableFuture.completedFuture(null);

		private int calls;

		@Override
		public CompletionStage<List<Long>> take(String user, List<Take> takes) {
			this.calls++;
			if (this.broken) {
				throw new IllegalStateException("Broken on purpose");
			}
			if (this.away) {
				return CompletableFuture.failedFuture(new IllegalStateException("Away on purpose"));
			}
			List<Long> all = takes.stream()
				.map((take) -> this.left.merge(user + ' ' + take.bucket(), take.capacity() - take.tokens(),
						(known, unused) -> Math.max(-take.capacity(), known - take.tokens())))
				.toList();
			return this.answers.thenApply((unused) -> all);
		}

		@Override
		public void close() {
		}

	}

}
