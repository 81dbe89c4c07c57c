package dev.realtime.relay.rabbit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.realtime.TopicMessage;
import dev.realtime.loop.Loops;
import dev.realtime.relay.Relay;
import dev.realtime.relay.EngineRelayContract;
import dev.realtime.relay.RelayUnavailableException;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.Ports;
import dev.realtime.testing.RabbitServer;
import dev.realtime.testing.TcpProxy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RabbitRelayIT extends EngineRelayContract {

	private static final String EXCHANGE = "rt.relay";

	private final RabbitServer rabbit = RabbitServer.shared();

	private final TcpProxy proxy = new TcpProxy(this.rabbit.port());

	@Override
	protected Relay create() {
		return relay(RabbitServer.uri(this.proxy.port()), 50_000, 10_000);
	}

	private static Relay relay(String uri, int queueLength, int unconfirmed) {
		return relay(uri, queueLength, unconfirmed, Duration.ofMillis(200));
	}

	private static Relay relay(String uri, int queueLength, int unconfirmed, Duration checkInterval) {
		return RabbitRelay.of(new RabbitRelayOptions(uri, EXCHANGE, Duration.ofSeconds(2), queueLength, unconfirmed),
				checkInterval, new Loops());
	}

	@Override
	protected Relay direct() {
		return relay(this.rabbit.uri(), 50_000, 10_000);
	}

	@Override
	protected TcpProxy proxy() {
		return this.proxy;
	}

	@Override
	protected void closeEngine() {
		this.proxy.close();
	}

	@Test
	void whatIsNotConfirmedFailsWhenTheConnectionEndsAndWhenTooMuchWaits() {
		Relay relay = started(relay(RabbitServer.uri(this.proxy.port()), 50_000, 10), new Messages.Heard());
		this.proxy.holdAnswers();

		List<CompletableFuture<Void>> waiting = IntStream.range(0, 10)
			.mapToObj((i) -> relay.announce(message(this.topic, i + 1, "text")).toCompletableFuture())
			.toList();
		assertThatThrownBy(() -> Await.result(relay.announce(message(this.topic, 11, "text"))))
			.isInstanceOf(RelayUnavailableException.class)
			.hasMessageContaining("10 messages already wait");

		assertThat(waiting).allSatisfy(
				(each) -> assertThatThrownBy(() -> Await.result(each)).isInstanceOf(RelayUnavailableException.class));
	}

	/** At once, and again after the last one, though the connection is not looked at. */
	@Test
	void rule7_whatTheFullQueueDropsIsSaidSoThatTheLogIsCompared() {
		Messages.Heard slow = new Messages.Heard();
		CompletableFuture<Void> gate = new CompletableFuture<>();
		slow.reacting((message) -> gate.join());
		Relay relay = started(relay(this.rabbit.uri(), 100, 10_000, Duration.ofHours(1)), slow);
		Await.result(relay.subscribe(this.topic));
		Relay sender = other(new Messages.Heard());
		for (int i = 1; i <= 2_000; i++) {
			Await.result(sender.announce(message(this.topic, i, "text")));
		}

		Await.until(() -> assertThat(slow.reconnections()).isGreaterThanOrEqualTo(2));
		gate.complete(null);
		Await.until(() -> assertThat(slow.messages()).extracting(TopicMessage::seq).contains(2_000L));
		assertThat(slow.messages()).hasSizeLessThan(2_000);
	}

	@Test
	void whatCannotBeReadIsSkipped() throws Exception {
		Await.result(relay().subscribe(this.topic));
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(this.rabbit.uri());
		try (Connection stranger = factory.newConnection(); Channel channel = stranger.createChannel()) {
			for (Map<String, Object> headers : List.<Map<String, Object>>of(Map.of(), Map.of("topic", ""),
					Map.of("topic", 5), Map.of("topic", this.topic.name()))) {
				channel.basicPublish(EXCHANGE, this.topic.name(),
						new AMQP.BasicProperties.Builder().headers(headers).build(),
						"EPOCH 1 x\n".getBytes(StandardCharsets.UTF_8));
			}
		}
		Await.result(relay().announce(message(this.topic, 1, "sound")));

		Await.until(() -> assertThat(this.heard.texts()).containsExactly("sound"));
	}

	@Test
	void aServerThatIsNotThereOrRefusesIsSaidInOneSentence() {
		int nobody = Ports.reserve();
		assertThatThrownBy(() -> relay("amqp://ann:secret@127.0.0.1:" + nobody, 100, 100).start(this.heard))
			.isInstanceOf(RelayUnavailableException.class)
			.hasMessage("RabbitMQ at amqp://127.0.0.1:" + nobody + " cannot be reached");
		assertThatThrownBy(
				() -> relay("amqp://guest:wrong@127.0.0.1:" + this.rabbit.port(), 100, 100).start(this.heard))
			.hasMessage("RabbitMQ at amqp://127.0.0.1:" + this.rabbit.port() + " refuses these credentials");
		assertThatThrownBy(() -> relay(this.rabbit.uri() + "/absent", 100, 100).start(this.heard))
			.hasMessageContaining("refuses")
			.hasMessageContaining("absent");
		assertThatThrownBy(() -> relay("nonsense", 100, 100).start(this.heard))
			.hasMessage("\"nonsense\" is not a usable address of RabbitMQ");
	}

}
