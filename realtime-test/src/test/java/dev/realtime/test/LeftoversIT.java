package dev.realtime.test;

import java.security.Principal;
import java.time.Duration;

import dev.realtime.node.RealtimeNode;
import dev.realtime.test.shop.WithoutSecurity;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.web.socket.messaging.SessionDisconnectEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** An application that does not let go of a client is no silent failure. */
@RealtimeTest(classes = LeftoversIT.Application.class)
class LeftoversIT {

	@Test
	void whatIsLeftIsNamed(RealtimeTestClient client, @Autowired ApplicationContext application) {
		client.asUser("ann").connect();
		Departures departures = new Departures();
		ServerSide.findAll(application, (mark) -> true).forEach(departures::add);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> departures.await(Duration.ofMillis(200)))
			.withMessageContaining("the application still has the connection of ann (session ")
			.withMessageContaining(" after 200 ms");
	}

	@Test
	void aListenerThatThrowsKeepsNobodyWaiting(@Autowired ApplicationContext application,
			@Autowired RealtimeNode node) {
		try (RealtimeTestClient client = RealtimeTestClient.of(application)) {
			client.asUser("eve").connect();
		}
		assertThat(node.hub().connections()).isEmpty();
	}

	@SpringBootConfiguration
	@WithoutSecurity
	static class Application {

		@EventListener
		void ended(SessionDisconnectEvent event) {
			Principal user = event.getUser();
			if (user != null && user.getName().equals("eve")) {
				throw new IllegalStateException("on purpose");
			}
		}

	}

}
