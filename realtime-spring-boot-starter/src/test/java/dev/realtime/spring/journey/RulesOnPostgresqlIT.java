package dev.realtime.spring.journey;

import java.time.Duration;

import dev.realtime.presence.Presence;
import dev.realtime.presence.jdbc.JdbcPresence;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.spring.FleetRedis;
import dev.realtime.testing.DatabaseServer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The rules on two nodes whose only server is a PostgreSQL. */
class RulesOnPostgresqlIT extends FleetRulesContract {

	RulesOnPostgresqlIT() {
		super(FleetServers.postgresql());
	}

	@Override
	@RepeatedTest(10)
	void rule4_recoveryWhileFiveHundredMessagesASecondArePublishedIsExact() throws Exception {
		super.rule4_recoveryWhileFiveHundredMessagesASecondArePublishedIsExact();
	}

	@Test
	void nothingIsKeptInRedisOrInTheMemoryOfANode() {
		assertThat(this.one.getBeanProvider(FleetRedis.class).getIfAvailable()).isNull();
		assertThat(this.one.getBean(Presence.class)).isInstanceOf(JdbcPresence.class);
		assertThat(this.one.getBean(RestrictionStore.class).isShared()).isTrue();
	}

	@Test
	void rule7_connectionsStayOpenWhileTheServerIsAwayAndNothingIsLost() {
		DatabaseServer own = DatabaseServer.postgresql();
		String[] properties = PostgresqlAlone.on(own.url());
		try (ConfigurableApplicationContext here = ChatNode.start(1, properties);
				ConfigurableApplicationContext there = ChatNode.start(1, properties);
				StompTestClient client = StompTestClient.connect(ChatNode.port(there), "ann")) {
			client.subscribe("sub-0", "/topic/room.away");
			publish(here, "room.away", "before");
			await().untilAsserted(() -> assertThat(bodies(client)).containsExactly("before"));
			own.stop();
			assertThatThrownBy(() -> publish(here, "room.away", "lost")).isNotNull();
			own.start();
			await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
				publish(here, "room.away", "after");
				return true;
			});
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(bodies(client)).contains("before", "after"));
			assertThat(client.closeCode).isNull();
			assertThat(client.seqs()).isEqualTo(upTo(client.seqs().size()));
		}
		finally {
			own.stop();
		}
	}

}
