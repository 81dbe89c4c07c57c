package dev.realtime.test;

import java.time.Duration;

import dev.realtime.test.shop.WithoutSecurity;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.ApplicationContext;

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

	@SpringBootConfiguration
	@WithoutSecurity
	static class Application {

	}

}
