package dev.realtime.spring.stomp;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.FrameEncoder;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.connection.Transport;
import dev.realtime.delivery.Batch;
import dev.realtime.hub.Hub;
import dev.realtime.hub.HubOptions;
import dev.realtime.stomp.StompDecoder;
import dev.realtime.stomp.StompFrame;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Each frame that is observed ends, whatever becomes of it. */
class ObservedFramesTests {

	private final Hub hub = new Hub(HubOptions.builder().shards(1).build(), new MemoryBroker(Clock.systemUTC()),
			encoder(), (topic) -> TopicPolicy.DEFAULT, ConnectionListener.NONE);

	private final List<String> events = new ArrayList<>();

	private final Connection connection = this.hub.connect("c", new Silent());

	private final ObservedFrames frames = new ObservedFrames(this.connection, new Recorder(), 3);

	@AfterEach
	void stop() {
		this.hub.close();
	}

	@Test
	void connectedEndsTheConnectAlone() {
		begin("CONNECT\n\n\0");
		begin("SUBSCRIBE\nid:s\n\n\0");
		this.frames.connected();
		this.frames.connected();
		assertThat(this.events).containsExactly("connect ok null");
	}

	@Test
	void aSubscriptionThatEndsBeforeItsAnswerEndsItsSubscribeAlone() {
		begin("SUBSCRIBE\nid:s\n\n\0").admitted();
		begin("SUBSCRIBE\nid:s\n\n\0");
		begin("SUBSCRIBE\nid:t\n\n\0").answered(Recovery.NOT_ASKED);
		this.frames.ended("s");
		this.frames.ended("t");
		assertThat(this.events).containsExactly("t ok null", "s ended null");
	}

	@Test
	void aRefusalOfTheApplicationsIsNotTold() {
		begin("CONNECT\n\n\0");
		this.frames.connectRefused("because of ann@example.org");
		assertThat(this.events).containsExactly("connect refused other");
	}

	@Test
	void aConnectionThatTheNodeClosesEndsAllWithItsReason() {
		begin("CONNECT\n\n\0");
		begin("SUBSCRIBE\nid:s\n\n\0");
		this.frames.closing(CloseReason.policy("blocked"));
		assertThat(this.events).containsExactly("connect refused blocked", "s closed blocked");
	}

	@Test
	void aConnectionThatIsClosedEndsAllAndWhatComesAfterwards() {
		begin("CONNECT\n\n\0");
		begin("SUBSCRIBE\nid:s\n\n\0");
		this.connection.closed();
		begin("SUBSCRIBE\nid:late\n\n\0");
		assertThat(this.events).containsExactlyInAnyOrder("connect closed null", "s closed null", "late closed null");
	}

	@Test
	void rule8_noMoreThanTheBoundWait() {
		for (String id : List.of("a", "b", "c")) {
			begin("SUBSCRIBE\nid:" + id + "\n\n\0").admitted();
		}
		assertThat(this.frames.begin(frame("SUBSCRIBE\nid:d\n\n\0"))).isNull();
		this.frames.ended("b");
		begin("SUBSCRIBE\nid:d\n\n\0");
	}

	private ObservedFrame begin(String text) {
		return Objects.requireNonNull(this.frames.begin(frame(text)));
	}

	private static StompFrame frame(String text) {
		return Objects
			.requireNonNull(new StompDecoder(1_000, 10).next(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
	}

	/** Notes how frames end. */
	private final class Recorder implements FrameObserver {

		@Override
		public Observed connect(String transport, UnaryOperator<@Nullable String> headers) {
			return new Noting("connect");
		}

		@Override
		public Observed subscribe(String transport, UnaryOperator<@Nullable String> headers) {
			return new Noting(String.valueOf(headers.apply("id")));
		}

	}

	private final class Noting implements FrameObserver.Observed {

		private final String name;

		Noting(String name) {
			this.name = name;
		}

		@Override
		public Runnable open() {
			return () -> {
			};
		}

		@Override
		public void names(Topic topic) {
		}

		@Override
		public void end(FrameObserver.Outcome outcome, @Nullable String reason) {
			ObservedFramesTests.this.events.add(this.name + ' ' + outcome.word() + ' ' + reason);
		}

		@Override
		public void recovered(Recovery outcome, long nanos, int messages) {
		}

	}

	private static FrameEncoder encoder() {
		return (FrameEncoder) Proxy.newProxyInstance(ObservedFramesTests.class.getClassLoader(),
				new Class<?>[] { FrameEncoder.class }, (proxy, method, arguments) -> new byte[] { '\n' });
	}

	/** Takes everything. */
	private static final class Silent implements Transport {

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

	}

}
