package dev.realtime.node;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.hub.Hub;
import dev.realtime.hub.HubOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class NodeListenerTests {

	private final Hub hub = new Hub(HubOptions.DEFAULT, new MemoryBroker(Clock.systemUTC()),
			new StompEncoder((topic) -> "/topic/" + topic, false), TopicPolicies.all(TopicPolicy.DEFAULT),
			ConnectionListener.NONE);

	private final NodeListener listener = new NodeListener(this.hub);

	@AfterEach
	void close() {
		this.hub.close();
	}

	@Test
	void rule9_whatOneListenerFailsAtKeepsNoOtherFromHearingOfAReconnection() {
		List<String> told = new ArrayList<>();
		this.listener.whenReconnected(() -> told.add("first"));
		this.listener.whenReconnected(() -> {
			throw new NoClassDefFoundError("simulated");
		});
		this.listener.whenReconnected(() -> told.add("last"));
		this.listener.onReconnected();
		assertThat(told).containsExactly("first", "last");
	}

}
