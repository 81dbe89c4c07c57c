package dev.realtime.spring.journey;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.testing.Engines;
import dev.realtime.testing.NatsServer;
import org.junit.jupiter.api.AfterEach;

import org.springframework.context.ConfigurableApplicationContext;

/** Over NATS, with nodes that keep everything in PostgreSQL and see each other there. */
class IsolationOverNatsIT extends IsolationContract {

	private final NatsServer nats = server();

	private final String database = PostgresqlAlone.database();

	@AfterEach
	void stopNats() {
		this.nats.close();
	}

	@Override
	int relayPort() {
		return this.nats.port();
	}

	@Override
	void stopRelay() {
		this.nats.stop();
	}

	@Override
	void restartRelay() {
		this.nats.restart();
	}

	@Override
	ConfigurableApplicationContext start(int relayPort, String... properties) {
		List<String> all = new ArrayList<>(List.of(PostgresqlAlone.on(this.database)));
		all.add("realtime.relay.type=nats");
		all.add("realtime.relay.nats.servers=nats://127.0.0.1:" + relayPort);
		all.addAll(List.of(properties));
		return ChatNode.start(1, all.toArray(String[]::new));
	}

	@Override
	String peers(List<Integer> doors) {
		return "realtime.isolation.enabled=true";
	}

	private static NatsServer server() {
		Engines.require("nats-server");
		return NatsServer.start();
	}

}
