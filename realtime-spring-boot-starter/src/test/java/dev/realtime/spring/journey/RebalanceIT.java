package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.node.RealtimeNode;
import org.junit.jupiter.api.Test;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** On Tomcat; with the decisions, which do not depend on the transport. */
class RebalanceIT extends RebalanceContract {

	@Test
	void balancedNodesKeepAllTheirClients() {
		try (ConfigurableApplicationContext other = start();
				MovingClients clients = new MovingClients(CLIENTS, TOPIC,
						MovingClients.inTurn(port(this.full), port(other)))) {
			await().during(Duration.ofSeconds(4)).until(() -> sentAway(this.full) + sentAway(other) == 0);
			assertThat(clients.stays()).isEmpty();
			assertThat(connections(this.full)).isEqualTo(CLIENTS / 2);
			assertThat(connections(other)).isEqualTo(CLIENTS / 2);

			try (MovingClients more = new MovingClients(CLIENTS, TOPIC, MovingClients.inTurn(port(this.full)))) {
				await().until(() -> sentAway(this.full) > 0);
				assertThat(more.problems()).isEmpty();
			}
			assertThat(sentAway(other)).isZero();
		}
	}

	@Test
	void aClientIsNotSentAwayTwiceWithinTheMinAge() {
		try (ConfigurableApplicationContext patient = start(PREFIX + "min-age=3s",
				PREFIX + "clients-per-minute=100000");
				MovingClients clients = new MovingClients(60, TOPIC, MovingClients.inTurn(port(patient)))) {
			// the balancer returns all of them, so some have to go twice
			await().atMost(Duration.ofSeconds(60)).until(() -> clients.stays().size() > 60);
			assertThat(clients.stays()).allMatch((stay) -> stay.compareTo(Duration.ofSeconds(3)) >= 0);
			// the node notices that, and stops: (60 − 30 − 16.4 / 2) · 4 + 20
			await().atMost(Duration.ofSeconds(60)).until(() -> sentAway(patient) >= 108);
			long gone = sentAway(patient);
			await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(7)).until(() -> sentAway(patient) == gone);
			assertThat(clients.problems()).isEmpty();
		}
	}

	@Test
	void aNodeThatIsNotReadyNeitherSendsClientsAwayNorGetsAny() {
		List<StompTestClient> plain = new ArrayList<>();
		// the oldest, and they do not understand when to come back
		for (int i = 0; i < 20; i++) {
			plain.add(StompTestClient.connectPlain(port(this.full), "user" + i));
		}
		try (ConfigurableApplicationContext other = start();
				MovingClients clients = new MovingClients(20, TOPIC, MovingClients.inTurn(port(this.full)))) {
			AvailabilityChangeEvent.publish(other, ReadinessState.REFUSING_TRAFFIC);
			await().during(Duration.ofSeconds(3)).until(() -> sentAway(this.full) == 0);
			AvailabilityChangeEvent.publish(this.full, ReadinessState.REFUSING_TRAFFIC);
			AvailabilityChangeEvent.publish(other, ReadinessState.ACCEPTING_TRAFFIC);
			await().during(Duration.ofSeconds(3)).until(() -> sentAway(this.full) == 0);
			AvailabilityChangeEvent.publish(this.full, ReadinessState.ACCEPTING_TRAFFIC);
			await().until(() -> clients.stays().size() > 5);
			assertThat(plain).allMatch((client) -> client.closeCode == null);
			assertThat(clients.problems()).isEmpty();
		}
		finally {
			plain.forEach(StompTestClient::close);
		}
	}

	@Test
	void withoutTheRelayTheCountsAreNotKnownAndAllClientsStay() {
		List<StompTestClient> clients = new ArrayList<>();
		try (ConfigurableApplicationContext patient = start(PREFIX + "after=5s")) {
			for (int i = 0; i < 30; i++) {
				clients.add(StompTestClient.connect(port(patient), "user" + i));
			}
			this.redis.stop();
			await().during(Duration.ofSeconds(7)).until(() -> sentAway(patient) == 0);
			assertThat(patient.getBean(RealtimeNode.class).isConnected()).isFalse();
			assertThat(clients).allMatch((client) -> client.closeCode == null);
			this.redis.restart();
			await().atMost(Duration.ofSeconds(60)).until(() -> sentAway(patient) > 0);
		}
		finally {
			clients.forEach(StompTestClient::close);
		}
	}

}
