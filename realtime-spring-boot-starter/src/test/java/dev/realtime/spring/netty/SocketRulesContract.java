package dev.realtime.spring.netty;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import dev.realtime.node.RealtimeNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The rules that sockets can break: order, waiting for slow readers, failures. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SocketRulesContract {

	private static final String LARGE = "x".repeat(16_000);

	/** One shard: all connections are neighbours. */
	private final EdgeNode node = new EdgeNode("realtime.netty.threads=1", "realtime.shards=1",
			"realtime.servlet.ping-interval=0", "realtime.netty.ping-interval=0");

	private final int port = port(this.node);

	private int published;

	@AfterAll
	void stop() {
		this.node.close();
	}

	/** Returns the port of the sockets. */
	abstract int port(EdgeNode node);

	@Test
	void rule3_whoReadsLateGetsEverythingInOrder() throws IOException {
		try (RawClient late = subscriberWithSmallBuffer("order")) {
			publishUntilItIsStuck("order");
			for (int i = 0; i < 10; i++) {
				late.send(ClientFrame.last(ClientFrame.PING, ClientFrame.utf8("between")));
				publish("order");
			}
			late.awaitText("<" + (this.published - 1) + ">" + LARGE + '\0');
			assertThat(messages(late)).isEqualTo(published(0));
		}
	}

	@Test
	void aCloseFrameComesAfterWhatIsBeingWritten() throws IOException {
		try (RawClient late = subscriberWithSmallBuffer("end")) {
			publishUntilItIsStuck("end");
			late.send(ClientFrame.unmasked(ClientFrame.TEXT, ClientFrame.utf8("hello")));
			StringBuilder texts = new StringBuilder();
			RawClient.ServerFrame frame = late.readFrame();
			while (frame.opcode() == ClientFrame.TEXT) {
				texts.append(frame.text());
				frame = late.readFrame();
			}
			assertThat(frame.opcode()).isEqualTo(ClientFrame.CLOSE);
			assertThat(frame.code()).isEqualTo(1002);
			List<String> messages = messages(texts.toString());
			assertThat(messages).isNotEmpty().isEqualTo(published(0).subList(0, messages.size()));
			late.awaitEnd();
		}
	}

	@Test
	void rule5_whoDoesNotReadHoldsNoNeighbourUp() throws IOException {
		try (RawClient stuck = subscriberWithSmallBuffer("slow");
				RawClient neighbour = RawClient.connect(this.port).subscribe("slow")) {
			int first = this.published;
			publishUntilItIsStuck("slow");
			for (int i = 0; i < 20; i++) {
				publish("slow");
			}
			neighbour.awaitText("<" + (this.published - 1) + ">" + LARGE + '\0');
			assertThat(messages(neighbour)).hasSize(this.published - first);
			assertThat(queuedBytes()).isPositive();
			assertThat(stuck.texts()).doesNotContain("<");
		}
	}

	@Test
	void rule9_applicationCodeRunsOnNoThreadOfSockets() throws IOException {
		EdgeNode.Calls calls = this.node.bean(EdgeNode.Calls.class);
		calls.threads.clear();
		try (RawClient client = RawClient.connect(this.port).subscribe("echo")) {
			client.send(ClientFrame.text("SEND\ndestination:/app/echo\n\nhello\0")).awaitText("hello");
			client.send(ClientFrame.close(1000, new byte[0]));
			client.awaitClose();
		}
		await().until(() -> calls.threads.stream().anyMatch((call) -> call.startsWith("closed ")));
		assertThat(calls.threads).hasSizeGreaterThanOrEqualTo(5)
			.noneMatch((call) -> call.matches("\\w+ (realtime-|http-nio-|qtp).*"));
	}

	@Test
	void rule9_anErrorOfTheApplicationEndsItsConnectionAlone() throws IOException {
		EdgeNode.Calls calls = this.node.bean(EdgeNode.Calls.class);
		try (RawClient neighbour = RawClient.connect(this.port).subscribe("echo")) {
			for (String fault : List.of("fail with an error", "fail with an exception")) {
				calls.threads.clear();
				try (RawClient client = RawClient.connect(this.port)) {
					client.send(ClientFrame.text("SEND\ndestination:/app/echo\n\n" + fault + '\0'));
					assertThat(client.isEnded()).isTrue();
				}
				await().until(() -> calls.threads.stream().anyMatch((call) -> call.startsWith("closed ")));
				String after = "after " + fault.hashCode();
				neighbour.send(ClientFrame.text("SEND\ndestination:/app/echo\n\n" + after + '\0')).awaitText(after);
			}
		}
	}

	private RawClient subscriberWithSmallBuffer(String topic) throws IOException {
		this.published = 0;
		return RawClient.dialWithSmallBuffer(this.port).shakeHands().introduce().subscribe(topic);
	}

	/** Publishes more than the socket takes. */
	private void publishUntilItIsStuck(String topic) {
		await().pollInterval(Duration.ofMillis(1)).until(() -> {
			publish(topic);
			return this.published > 10 && queuedBytes() > LARGE.length();
		});
	}

	private void publish(String topic) {
		this.node.publish("/topic/" + topic, "<" + this.published++ + ">" + LARGE);
	}

	private long queuedBytes() {
		return this.node.bean(RealtimeNode.class).hub().stats().queuedBytes();
	}

	private List<String> published(int first) {
		return IntStream.range(first, this.published).mapToObj((i) -> "<" + i + ">" + LARGE).toList();
	}

	private static List<String> messages(RawClient client) {
		return messages(client.texts());
	}

	private static List<String> messages(String texts) {
		return Arrays.stream(texts.split("\0", -1))
			.filter((frame) -> frame.contains("MESSAGE\n"))
			.map((frame) -> frame.substring(frame.indexOf("\n\n") + 2))
			.toList();
	}

}
