package dev.realtime.spring.journey;

import java.util.List;

import org.junit.jupiter.api.Tag;

import org.springframework.context.ConfigurableApplicationContext;

/** Over Redis, with nodes that see each other in PostgreSQL. */
@Tag("long")
class IsolationOnPostgresqlIT extends IsolationOverRedisContract {

	private final String database = PostgresqlAlone.database();

	@Override
	ConfigurableApplicationContext start(int relayPort, String... properties) {
		return DurableNode.start(relayPort, this.database, properties);
	}

	@Override
	String peers(List<Integer> doors) {
		return "realtime.isolation.enabled=true";
	}

}
