package dev.realtime.spring.guide;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThat;

/** The guide's interceptor serves clients that know destinations with slashes. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "realtime.broker=memory")
class OldDestinationsIT {

	@LocalServerPort
	int port;

	@Autowired
	SimpMessagingTemplate template;

	@Test
	void anOldClientIsOnTheTopicWithDots() {
		try (GuideClient ann = GuideClient.open(this.port, Map.of())) {
			ann.ask("CONNECT\naccept-version:1.2\nhost:localhost\n\n", "CONNECTED");
			ann.ask("SUBSCRIBE\nid:s\ndestination:/topic/room/42\nreceipt:live\n\n", "receipt-id:live");
			this.template.convertAndSend("/topic/room.42", "hello");
			assertThat(ann.ask("SUBSCRIBE\nid:t\ndestination:/topic/other\nreceipt:then\n\n", "hello"))
				.contains("destination:/topic/room.42");
		}
	}

	@TestConfiguration
	static class OldClients implements WebSocketMessageBrokerConfigurer {

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.interceptors(new OldDestinations());
		}

	}

}
