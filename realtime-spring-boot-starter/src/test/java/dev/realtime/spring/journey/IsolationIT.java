package dev.realtime.spring.journey;

import java.util.List;
import java.util.stream.Collectors;

import org.springframework.context.ConfigurableApplicationContext;

/** Over Redis, with nodes that ask each other. */
class IsolationIT extends IsolationOverRedisContract {

	@Override
	ConfigurableApplicationContext start(int relayPort, String... properties) {
		return ChatNode.start(relayPort, properties);
	}

	/** Each node is among the peers itself, as it is with one name for all nodes. */
	@Override
	String peers(List<Integer> doors) {
		return "realtime.isolation.peers=" + doors.stream()
			.map((door) -> "http://127.0.0.1:" + door + "/actuator/realtimenode")
			.collect(Collectors.joining(","));
	}

}
