package dev.realtime.relay;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

class ListenerFailuresTests {

	private static final Topic TOPIC = Topic.of("room.1");

	private final Logger logger = (Logger) LoggerFactory.getLogger(ListenerFailures.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.log.start();
		this.logger.addAppender(this.log);
		this.logger.setAdditive(false);
	}

	@AfterEach
	void stop() {
		this.logger.detachAppender(this.log);
		this.logger.setAdditive(true);
	}

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
