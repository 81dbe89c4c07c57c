package dev.realtime.relay.nats;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.realtime.TopicPattern;
import dev.realtime.loop.Loops;
import dev.realtime.relay.Relay;
import dev.realtime.relay.EngineRelayContract;
import dev.realtime.relay.RelayUnavailableException;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.NatsServer;
import dev.realtime.testing.Ports;
import dev.realtime.testing.TcpProxy;
import io.nats.client.Connection;
import io.nats.client.Nats;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NatsRelayIT extends EngineRelayContract {

	private final NatsServer nats = NatsServer.shared();

	private final TcpProxy proxy = new TcpProxy(this.nats.port());

	@Override
	protected Relay create() {
		return relay("nats://127.0.0.1:" + this.proxy.port(), 64 << 20);
	}

	private static Relay relay(String server, long pendingBytes) {
		return NatsRelay.of(new NatsRelayOptions(List.of(server), null, null, null, null, "rt", Duration.ofSeconds(2),
				pendingBytes), Duration.ofMillis(200), new Loops());
	}

	@Override
	protected Relay direct() {
		return relay(this.nats.uri(), 64 << 20);
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
	void whileNatsIsAwayAnnouncingFailsClearlyAndIsDoneLaterAsSubscribingIs() {
		NatsServer own = NatsServer.start();
		Messages.Heard there = new Messages.Heard();
		Relay relay = started(relay(own.uri(), 64 << 20), there);
		own.stop();
		try {
			Await.until(() -> assertThat(relay.isConnected()).isFalse());
			assertThatThrownBy(() -> Await.result(relay.subscribe(this.topic)))
				.isInstanceOf(RelayUnavailableException.class);
			Await.until(() -> assertThatThrownBy(() -> Await.result(relay.announce(message(this.topic, 1, "lost"))))
				.isInstanceOf(RelayUnavailableException.class)
				.hasMessageContaining("NATS"));
		}
		finally {
			own.restart();
		}

		Await.until(() -> assertThat(there.reconnections()).isEqualTo(1));
		Await.result(relay.announce(message(this.topic, 2, "back")));
		Await.until(() -> assertThat(there.texts()).containsExactly("lost", "back"));
		relay.close();
		own.close();
	}

	@Test
	void rule7_whatASlowListenerMakesTheClientDropIsSaidSoThatTheLogIsCompared() {
		Messages.Heard slow = new Messages.Heard();
		CompletableFuture<Void> gate = new CompletableFuture<>();
		slow.reacting((message) -> gate.join());
		Relay relay = started(relay(this.nats.uri(), 1 << 20), slow);
		Await.result(relay.subscribe(this.topic));
		Relay sender = other(new Messages.Heard());
		String large = "x".repeat(64 << 10);
		for (int i = 1; i <= 100; i++) {
			Await.result(sender.announce(message(this.topic, i, large)));
		}

		Await.until(() -> assertThat(slow.reconnections()).isPositive());
		gate.complete(null);
		Await.until(() -> assertThat(slow.messages()).isNotEmpty());
		assertThat(slow.messages()).hasSizeLessThan(100);
		assertThat(relay.isConnected()).isTrue();
	}

	@Test
	void whatIsTooLargeForTheServerFailsAndNamesTheServersProperty() {
		assertThatThrownBy(() -> Await.result(relay().announce(message(this.topic, 1, "x".repeat(2 << 20)))))
			.isInstanceOf(RelayUnavailableException.class)
			.hasMessageContaining("max_payload");
		assertThat(relay().isConnected()).isTrue();
	}

	@Test
	void whatCannotBeReadIsSkipped() throws Exception {
		Await.result(relay().subscribe(this.topic));
		Await.result(relay().subscribe(new TopicPattern(this.topic.name() + "/*")));
		Connection stranger = Nats.connect(this.nats.uri());
		try {
			for (String nonsense : List.of("", "\n", "EPOCH 1 x\n", "signal\n", "EPOCH 1 5\n\2")) {
				stranger.publish("rt.t." + this.topic.name(), nonsense.getBytes(StandardCharsets.UTF_8));
				stranger.publish("rt.t." + this.topic.name() + ".odd%", new byte[0]);
			}
			stranger.flush(Duration.ofSeconds(2));
		}
		finally {
			stranger.close();
		}
		Await.result(relay().announce(message(this.topic, 1, "sound")));

		Await.until(() -> assertThat(this.heard.texts()).containsExactly("sound"));
	}

	@Test
	void aServerThatIsNotThereOrRefusesTheCredentialsIsSaidInOneSentence() {
		int nobody = Ports.reserve();
		assertThatThrownBy(() -> relay("nats://ann:secret@127.0.0.1:" + nobody, 1 << 20).start(this.heard))
			.isInstanceOf(RelayUnavailableException.class)
			.hasMessage("NATS at nats://127.0.0.1:" + nobody + " cannot be reached");

		try (NatsServer guarded = NatsServer.start("--user", "ann", "--pass", "right")) {
			Relay wrong = NatsRelay.of(new NatsRelayOptions(List.of(guarded.uri()), "ann", "wrong", null, null, "rt",
					Duration.ofSeconds(2), 1 << 20), new Loops());
			assertThatThrownBy(() -> wrong.start(this.heard)).isInstanceOf(RelayUnavailableException.class)
				.hasMessage("NATS at " + guarded.uri() + " refuses these credentials");
			wrong.close();
			Relay right = NatsRelay.of(new NatsRelayOptions(List.of(guarded.uri()), "ann", "right", null, null, "rt",
					Duration.ofSeconds(2), 1 << 20), new Loops());
			right.start(this.heard);
			assertThat(right.isConnected()).isTrue();
			right.close();
		}
	}

}
