package dev.realtime.spring.rates;

import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.FrameEncoder;
import dev.realtime.connection.Transport;
import dev.realtime.delivery.Batch;
import dev.realtime.hub.Hub;
import dev.realtime.hub.HubOptions;
import dev.realtime.spring.ClientAddress;
import dev.realtime.spring.LimitsProperties;
import dev.realtime.spring.RatesProperties;
import dev.realtime.stomp.MalformedFrameException;
import dev.realtime.stomp.StompDecoder;
import dev.realtime.stomp.StompFrame;
import io.github.bucket4j.TimeMeter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What clients may do how often, with a clock that stands still. */
class RatesTests {

	private static final StompFrame SEND = frame("SEND\ndestination:/app/say\n\n\0");

	private static final StompFrame ACK = frame("ACK\nid:1\n\n\0");

	private static final RequestCost READ = new RequestCost(false, 1, 0);

	private final Hub hub = new Hub(HubOptions.builder().shards(1).build(), new MemoryBroker(Clock.systemUTC()),
			encoder(), (topic) -> TopicPolicy.DEFAULT, ConnectionListener.NONE);

	private final StoppedClock clock = new StoppedClock();

	private final Rates rates = rates(Map.of("publishes", "2", "frames", "100", "connects", "1", "replays", "100",
			"refusals", "1", "user-factor", "2", "address-factor", "3"));

	@AfterEach
	void stop() {
		this.hub.close();
	}

	@Test
	void aConnectionMaySendItsBurstAtOnceAndThenItsRate() {
		Connection connection = connect("a", "ann");
		assertThat(admitted(connection, 25)).isEqualTo(20);
		this.clock.forward(Duration.ofMillis(1_500));
		assertThat(admitted(connection, 5)).isEqualTo(3);
	}

	@Test
	void whatIsRefusedSaysWhenItWouldBeTaken() {
		Connection connection = connect("a", "ann");
		assertThat(admitted(connection, 20)).isEqualTo(20);
		RateLimitedException refused = refused(() -> this.rates.frame(connection, null, SEND));
		assertThat(refused.word()).isEqualTo("rate-limited");
		assertThat(refused.retryAfterMillis()).isEqualTo(500);
		assertThat(refused.retryAfterSeconds()).isEqualTo(1);
		assertThat(refused.isOffender()).isFalse();
		this.clock.forward(Duration.ofMillis(499));
		assertThat(admitted(connection, 1)).isZero();
		this.clock.forward(Duration.ofMillis(1));
		assertThat(admitted(connection, 1)).isEqualTo(1);
	}

	@Test
	void aUserHasOneBucketForAllConnections() {
		assertThat(admitted(connect("a", "ann"), 20)).isEqualTo(20);
		assertThat(admitted(connect("b", "ann"), 20)).isEqualTo(20);
		assertThat(admitted(connect("c", "ann"), 5)).isZero();
		assertThat(admitted(connect("d", "bob"), 20)).isEqualTo(20);
	}

	@Test
	void refusalsByTheUsersBucketCostTheConnectionNothing() {
		assertThat(admitted(connect("a", "ann"), 20)).isEqualTo(20);
		assertThat(admitted(connect("b", "ann"), 20)).isEqualTo(20);
		Connection third = connect("c", "ann");
		assertThat(admitted(third, 3)).isZero();
		this.clock.forward(Duration.ofSeconds(10));
		assertThat(admitted(third, 20)).isEqualTo(20);
	}

	@Test
	void anAddressHasOneBucketForAllItsUsersAndExemptOnesHaveNone() {
		InetSocketAddress known = new InetSocketAddress("192.0.2.1", 1);
		assertThat(sent(known, 5)).isEqualTo(60);
		InetSocketAddress exempt = new InetSocketAddress("10.0.0.1", 1);
		assertThat(sent(exempt, 5)).isEqualTo(100);
	}

	@Test
	void framesThatArePrepaidAreCountedOnTheConnection() {
		Connection connection = connect("a", "ann");
		int admitted = 0;
		for (int i = 0; i < 1_005; i++) {
			admitted += isAdmitted(connection, ACK) ? 1 : 0;
		}
		assertThat(admitted).isEqualTo(1_000);
	}

	@Test
	void aRewindCostsWhatItAsksForAndNoMoreThanItMayReplay() {
		Connection connection = connect("a", "ann");
		StompFrame rewind = frame("SUBSCRIBE\nid:1\ndestination:/topic/a\nrewind:600\n\n\0");
		assertThat(isAdmitted(connection, rewind)).isTrue();
		assertThat(refused(() -> this.rates.frame(connection, null, rewind)).retryAfterMillis()).isEqualTo(2_000);
		this.clock.forward(Duration.ofSeconds(10));
		StompFrame most = frame("SUBSCRIBE\nid:1\ndestination:/topic/a\nrewind:2147483647\n\n\0");
		assertThat(isAdmitted(connection, most)).isTrue();
		assertThat(isAdmitted(connection, most)).isFalse();
	}

	@Test
	void aRecoveryLeavesADebtOfOneBurstAtMost() {
		Connection connection = connect("a", "ann");
		StompFrame resume = frame("SUBSCRIBE\nid:1\ndestination:/topic/a\nepoch:E\nlast-seq:1\n\n\0");
		assertThat(isAdmitted(connection, resume)).isTrue();
		this.rates.recovered(connection, 1_000_000);
		assertThat(refused(() -> this.rates.frame(connection, null, resume)).retryAfterMillis()).isBetween(10_000L,
				10_100L);
		this.clock.forward(Duration.ofMillis(10_100));
		assertThat(isAdmitted(connection, resume)).isTrue();
	}

	@Test
	void aTopicThatItHasJustSentToIsNotNew() {
		Connection connection = connect("a", "ann");
		assertThat(isAdmitted(connection, ACK)).isTrue();
		for (int i = 0; i < 10_000; i++) {
			this.rates.sendsToNew(connection, Topic.of("same"));
		}
		assertThatExceptionOfType(RateLimitedException.class).isThrownBy(() -> {
			for (int i = 0; i < 10_000; i++) {
				this.rates.sendsToNew(connection, Topic.of("other" + i));
			}
		});
	}

	@Test
	void oneThatGoesOnBeingRefusedIsNotLetInForAWhile() {
		Connection connection = connect("a", "eve");
		assertThat(admitted(connection, 30)).isEqualTo(20);
		RateLimitedException last = refused(() -> this.rates.frame(connection, null, SEND));
		assertThat(last.isOffender()).isTrue();
		assertThat(last.retryAfterMillis()).isEqualTo(60_000);
		RateLimitedException out = refused(() -> this.rates.connected(null, "eve", null));
		assertThat(out.isOffender()).isTrue();
		assertThat(refused(() -> this.rates.read("eve", null, 0)).retryAfterMillis()).isEqualTo(60_000);
		this.rates.connected(null, "ann", null);
		this.clock.forward(Duration.ofSeconds(60));
		this.rates.connected(null, "eve", null);
	}

	@Test
	void anAddressIsNotLetInAfterTheRefusalsOfSeveralConnections() {
		InetSocketAddress address = new InetSocketAddress("192.0.2.7", 1);
		for (int i = 0; i < 4; i++) {
			Connection connection = connect("c" + i, null);
			for (int j = 0; j < 40; j++) {
				boolean unused = isAdmitted(connection, SEND, address);
			}
		}
		RateLimitedException out = refused(() -> this.rates.connecting(connect("next", null), address, null));
		assertThat(out.retryAfterMillis()).isEqualTo(60_000);
		assertThat(out.isOffender()).as("others have the same address").isFalse();
		this.rates.connecting(connect("other", null), new InetSocketAddress("192.0.2.8", 1), null);
	}

	@Test
	void rule8_nothingIsKeptOfThoseThatHaveDoneNothingLately() {
		Connection connection = connect("a", "ann");
		this.rates.connecting(connection, new InetSocketAddress("192.0.2.1", 1), null);
		this.rates.connected(null, "ann", null);
		assertThat(admitted(connection, 5)).isEqualTo(5);
		this.rates.sweep();
		assertThat(this.rates.size()).isEqualTo(3);
		this.clock.forward(Duration.ofSeconds(20));
		this.rates.sweep();
		assertThat(this.rates.size()).isZero();
	}

	@Test
	void rule8_nothingIsKeptOfAConnectionThatIsClosed() {
		Connection connection = connect("a", null);
		assertThat(admitted(connection, 20)).isEqualTo(20);
		connection.close(CloseReason.NORMAL);
		this.rates.sweep();
		assertThat(this.rates.size()).isZero();
	}

	@Test
	void rule8_ofUsersNoMoreAreKeptThanTracked() {
		Rates few = rates(Map.of("tracked", "100"));
		for (int i = 0; i < 1_000; i++) {
			few.connected(null, "user" + i, READ);
		}
		assertThat(few.size()).isEqualTo(100);
	}

	@Test
	void switchedOffItRefusesNothingAndKeepsNothing() {
		Rates off = rates(Map.of("enabled", "false", "publishes", "1"));
		Connection connection = connect("a", "ann");
		off.connecting(connection, new InetSocketAddress("192.0.2.1", 1), null);
		off.connected(null, "ann", null);
		for (int i = 0; i < 1_000; i++) {
			off.frame(connection, null, SEND);
			off.read("ann", null, 1);
		}
		assertThat(off.size()).isZero();
	}

	private int sent(InetSocketAddress address, int connections) {
		int admitted = 0;
		for (int i = 0; i < connections; i++) {
			Connection connection = connect(address + "-" + i, null);
			for (int j = 0; j < 20; j++) {
				admitted += isAdmitted(connection, SEND, address) ? 1 : 0;
			}
		}
		return admitted;
	}

	private int admitted(Connection connection, int tries) {
		int admitted = 0;
		for (int i = 0; i < tries; i++) {
			admitted += isAdmitted(connection, SEND) ? 1 : 0;
		}
		return admitted;
	}

	private boolean isAdmitted(Connection connection, StompFrame frame) {
		return isAdmitted(connection, frame, null);
	}

	private boolean isAdmitted(Connection connection, StompFrame frame, @Nullable InetSocketAddress address) {
		try {
			this.rates.frame(connection, address, frame);
			return true;
		}
		catch (RateLimitedException ex) {
			return false;
		}
	}

	private static RateLimitedException refused(Runnable task) {
		try {
			task.run();
		}
		catch (RateLimitedException ex) {
			return ex;
		}
		throw new AssertionError("It was not refused");
	}

	private Rates rates(Map<String, String> properties) {
		Binder binder = new Binder(new MapConfigurationPropertySource(properties.entrySet()
			.stream()
			.collect(java.util.stream.Collectors.toMap((each) -> "realtime.rates." + each.getKey(),
					Map.Entry::getValue))));
		return new Rates(binder.bindOrCreate("realtime.rates", RatesProperties.class),
				new ClientAddress(binder.bindOrCreate("realtime.limits", LimitsProperties.class)), this.clock);
	}

	private Connection connect(String id, @Nullable String user) {
		Connection connection = this.hub.connect(id, new Transport() {

			@Override
			public void write(Batch batch, Completion done) {
				done.done(null);
			}

			@Override
			public int batchBytes() {
				return 8_192;
			}

			@Override
			public void close(CloseReason reason) {
			}

		});
		connection.introduce(user, true, Duration.ZERO, Duration.ZERO);
		return connection;
	}

	private static FrameEncoder encoder() {
		return (FrameEncoder) Proxy.newProxyInstance(RatesTests.class.getClassLoader(),
				new Class<?>[] { FrameEncoder.class }, (proxy, method, args) -> new byte[0]);
	}

	private static StompFrame frame(String text) {
		try {
			return Objects.requireNonNull(
					new StompDecoder(1_000, 10).next(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
		}
		catch (MalformedFrameException ex) {
			throw new AssertionError(ex);
		}
	}

	private static final class StoppedClock implements TimeMeter {

		private long nanos = 1;

		void forward(Duration time) {
			this.nanos += time.toNanos();
		}

		@Override
		public long currentTimeNanos() {
			return this.nanos;
		}

		@Override
		public boolean isWallClockBased() {
			return false;
		}

	}

}
