package dev.realtime.relay;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.loop.Environment;
import dev.realtime.testing.Sneaky;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The announcements of messages with a trace, and listeners that fail. */
class ObservedRelayTests extends RelayContract {

	private static final Topic TOPIC = Topic.of("room.1");

	private final List<String> told = new ArrayList<>();

	private AnnounceListener listener = (message, nanos, failure) -> this.told
		.add(message.seq() + ((failure != null) ? " failed" : ""));

	@Override
	protected Relay create() {
		return new ObservedRelay(new LoopbackRelay(), () -> this.listener, Environment.system());
	}

	@Test
	void onlyMessagesWithATraceAreTold() {
		try (Relay relay = create()) {
			relay.start(Relay.Listener.none());
			relay.announce(message(1, false)).toCompletableFuture().join();
			relay.announce(message(2, true)).toCompletableFuture().join();
		}
		assertThat(this.told).containsExactly("2");
	}

	@Test
	void aFailureIsToldAndStaysTheCallers() {
		Relay away = (Relay) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Relay.class },
				(proxy, method, arguments) -> CompletableFuture.failedFuture(new IllegalStateException("away")));
		Relay relay = new ObservedRelay(away, () -> this.listener, Environment.system());
		assertThat(relay.announce(message(1, true)).toCompletableFuture()).isCompletedExceptionally();
		assertThat(this.told).containsExactly("1 failed");
	}

	@ParameterizedTest
	@MethodSource("thrown")
	void rule9_aRelayThatThrowsAtOnceIsToldOnceAndThrows(Throwable thrown) {
		Relay broken = new DelegatingRelay(new LoopbackRelay()) {

			@Override
			public CompletionStage<Void> announce(TopicMessage message) {
				throw Sneaky.sneak(thrown);
			}

		};
		Relay relay = new ObservedRelay(broken, () -> this.listener, Environment.system());
		assertThatThrownBy(() -> relay.announce(message(1, true))).isSameAs(thrown);
		assertThatThrownBy(() -> relay.announce(message(2, false))).isSameAs(thrown);
		assertThat(this.told).containsExactly("1 failed");
		this.listener = (message, nanos, failure) -> {
			throw new AssertionError("on purpose");
		};
		assertThatThrownBy(() -> relay.announce(message(3, true))).isSameAs(thrown);
	}

	private static List<Throwable> thrown() {
		return List.of(new IllegalStateException("away"), new NoClassDefFoundError("gone"), new IOException("away"));
	}

	@Test
	void rule9_aListenerThatFailsCostsNoAnnouncement() {
		this.listener = (message, nanos, failure) -> {
			throw new AssertionError("on purpose");
		};
		try (Relay relay = create()) {
			relay.start(Relay.Listener.none());
			assertThat(relay.announce(message(1, true)).toCompletableFuture()).isCompleted();
		}
	}

	private static TopicMessage message(long seq, boolean traced) {
		Content content = Content.text("text")
			.traced(traced ? "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" : null);
		return new TopicMessage(TOPIC, new Position("E1", seq), 1_000, null, content, null, 0);
	}

}
