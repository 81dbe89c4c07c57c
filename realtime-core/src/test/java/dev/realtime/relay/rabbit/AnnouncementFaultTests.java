package dev.realtime.relay.rabbit;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.realtime.Topic;
import dev.realtime.loop.Loops;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A client of RabbitMQ that throws errors. */
class AnnouncementFaultTests {

	private static final int UNCONFIRMED = 2;

	private final VirtualEnvironment environment = new VirtualEnvironment(1);

	private final Loops loops = new Loops(this.environment, Loops.STALLED_AFTER);

	private String failing = "";

	@ParameterizedTest
	@ValueSource(strings = { "basicPublish", "getNextPublishSeqNo" })
	void rule9_anErrorOfTheClientFailsThatAnnouncementAndKeepsNoPlace(String method) throws IOException {
		Announcements announcements = announcements();
		this.failing = method;
		for (int i = 0; i < 3 * UNCONFIRMED; i++) {
			CompletableFuture<Void> stage = publish(announcements);
			this.environment.runDue();
			assertThat(stage).isCompletedExceptionally();
		}
		this.failing = "";
		CompletableFuture<Void> next = publish(announcements);
		this.environment.runDue();
		assertThat(next).isNotDone();
		announcements.close();
		assertThat(next).isCompletedExceptionally();
	}

	@Test
	void rule8_soManyWaitAtMost() throws IOException {
		Announcements announcements = announcements();
		for (int i = 0; i < UNCONFIRMED; i++) {
			assertThat(publish(announcements)).isNotDone();
		}
		assertThat(publish(announcements)).isCompletedExceptionally();
	}

	private static CompletableFuture<Void> publish(Announcements announcements) {
		return announcements.publish("key", Topic.of("a"), new byte[0]).toCompletableFuture();
	}

	private Announcements announcements() throws IOException {
		RabbitRelayOptions options = new RabbitRelayOptions("amqp://localhost", "exchange", Duration.ofSeconds(1), 100,
				UNCONFIRMED);
		Channel channel = answering(Channel.class, null);
		return new Announcements(answering(Connection.class, channel), options, this.loops.loop("announcer"));
	}

	/** Answers nothing of interest, except for the channel. */
	private <T> T answering(Class<T> type, @org.jspecify.annotations.Nullable Channel channel) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (self, method, args) -> {
				if (method.getName().equals(this.failing)) {
					throw new NoClassDefFoundError("simulated");
				}
				if (method.getName().equals("createChannel")) {
					return channel;
				}
				return method.getReturnType().equals(long.class) ? 1L
						: method.getReturnType().equals(boolean.class) ? (Object) false : null;
			}));
	}

}
