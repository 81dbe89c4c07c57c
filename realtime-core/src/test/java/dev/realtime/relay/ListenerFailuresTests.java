package dev.realtime.relay;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.testing.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

class ListenerFailuresTests {

	private static final Topic TOPIC = Topic.of("room.1");

	@RegisterExtension
	private final CapturedLog log = new CapturedLog(ListenerFailures.class);

	@Test
	void rule8_aListenerThatFailsForEachMessageIsOneLine() {
		try (LoopbackRelay relay = new LoopbackRelay()) {
			relay.start(new Relay.Listener() {
				@Override
				public void onMessage(TopicMessage message) {
					throw new IllegalStateException("broken");
				}

				@Override
				public void onSignal(Signal signal) {
				}

				@Override
				public void onReconnected() {
				}
			});
			relay.subscribe(TOPIC).toCompletableFuture().join();
			for (int seq = 1; seq <= 100; seq++) {
				relay.announce(new TopicMessage(TOPIC, new Position("E1", seq), 1_000, null, Content.text(""), null, 0))
					.toCompletableFuture()
					.join();
			}
		}
		assertThat(this.log.list).hasSize(1);
		assertThat(this.log.list.get(0).getFormattedMessage()).contains("room.1", "1 failures");
	}

}
