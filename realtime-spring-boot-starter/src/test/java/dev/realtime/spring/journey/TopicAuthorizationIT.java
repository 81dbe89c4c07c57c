package dev.realtime.spring.journey;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;

import dev.realtime.Topic;
import dev.realtime.spring.security.ConnectAuthenticator;
import dev.realtime.spring.security.ConnectRequest;
import dev.realtime.spring.security.ConnectToken;
import dev.realtime.spring.security.TopicAccess;
import dev.realtime.spring.sessions.RealtimeSessions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.filter.OncePerRequestFilter;

import static org.assertj.core.api.Assertions.assertThat;

/** Rules of {@code application.yml} and a bean for the rest, at every entry point. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TopicAuthorizationIT {

	private final ConfigurableApplicationContext node = new SpringApplicationBuilder(Node.class)
		.properties("server.port=0", "realtime.netty.port=0", "realtime.security.anonymous=true",
				"realtime.broker=memory", "realtime.log=jdbc", "realtime.security.tickets=true",
				"realtime.jdbc.initialize-schema=always", "spring.datasource.url=jdbc:h2:mem:topic-authorization",
				"realtime.drain.spread=0s", "spring.main.register-shutdown-hook=false", "spring.main.banner-mode=off",
				"realtime.http.poll-timeout=1s", "realtime.topic-defaults.presence=true",
				"realtime.topics.prices.pattern=price.*", "realtime.topics.prices.read=anyone",
				"realtime.topics.prices.publish=nobody", "realtime.topics.orders.pattern=order.{user}.*",
				"realtime.topics.orders.read=owner:{user}", "realtime.topics.orders.publish=owner:{user}",
				"realtime.topics.halls.pattern=hall/{user}/*", "realtime.topics.halls.read=owner:{user}",
				"realtime.topics.rooms.pattern=room.*", "realtime.topics.rooms.read=authenticated",
				"realtime.topics.rooms.client-publish=true", "realtime.topics.desks.pattern=desk.*",
				"realtime.topics.desks.read=authenticated", "realtime.topics.desks.members=nobody",
				"realtime.topics.boxes.pattern=box.{user}", "realtime.topics.boxes.read=owner:{user}",
				"realtime.topics.boxes.publish=anyone", "realtime.topics.boxes.members=nobody",
				"realtime.topics.vault.pattern=vault.**", "realtime.topics.vault.read=nobody")
		.run();

	private final int web = ChatNode.webPort(this.node);

	private final int netty = ChatNode.port(this.node);

	@BeforeAll
	void stopUsers() {
		RealtimeSessions sessions = this.node.getBean(RealtimeSessions.class);
		sessions.block("eve", Duration.ofHours(1)).toCompletableFuture().join();
		sessions.revokeToken("token-of-rex").toCompletableFuture().join();
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@ParameterizedTest
	@CsvSource({ "price.ACME, , true", "price.ACME, ann, true", "order.ann.1, , false", "order.ann.1, ann, true",
			"order.ann.1, bob, false", "order.ann.1, an, false", "order.ann.1, ann.1, false",
			"hall/ann@b.c/1, ann@b.c, true", "hall/ann@b.c/1, ann@b, false", "hall/ann@b.c/1, ann, false",
			"room.42, , false", "room.42, bob, true", "box.ann, bob, false", "box.ann, ann, true",
			"vault.1, ann, false", "bean.1, , false", "bean.1, ann, true", "bean.1, bob, false", "other, ann, false",
			"order.ann.1.2, ann, false", "Room.42, ann, false" })
	void rule10_readingIsDecidedAlikeAtAllEntryPoints(String topic, @Nullable String user, boolean granted) {
		assertThat(asked(user).read(topic).entrySet())
			.allSatisfy((answer) -> assertThat(answer.getValue()).as(answer.getKey())
				.isEqualTo(granted ? "granted" : "no-access"));
	}

	@ParameterizedTest
	@CsvSource({ "price.ACME, , true", "room.42, , false", "room.42, ann, true", "desk.1, ann, false",
			"order.ann.1, ann, true", "order.ann.1, bob, false", "vault.1, ann, false", "bean.1, ann, false",
			"other, ann, false" })
	void rule10_membersAreSeenAlikeAtAllEntryPoints(String topic, @Nullable String user, boolean granted) {
		assertThat(asked(user).members(topic).entrySet())
			.allSatisfy((answer) -> assertThat(answer.getValue()).as(answer.getKey())
				.isEqualTo(granted ? "granted" : "no-access"));
	}

	@ParameterizedTest
	@CsvSource({ "price.ACME, ann, false, client-publish", "order.ann.1, ann, true, ''",
			"order.ann.1, bob, false, no-access", "order.ann.1, , false, no-access", "room.42, bob, true, ''",
			"room.42, , false, no-access", "box.ann, , true, ''", "bean.1, ann, false, client-publish" })
	void rule10_sendingIsDecidedAlikeAtAllEntryPoints(String topic, @Nullable String user, boolean granted,
			String reason) {
		assertThat(asked(user).publish(topic).entrySet()).allSatisfy((answer) -> {
			boolean http = answer.getKey().startsWith("POST");
			assertThat(answer.getValue()).as(answer.getKey())
				.isEqualTo(granted ? "granted" : http ? "no-access" : reason);
		});
	}

	@ParameterizedTest
	@CsvSource({ "eve, blocked, 403", "rex, revoked, 401", "exa, bad-credentials, 401" })
	void rule10_whoMustNotComeInIsTurnedAwayAlikeAtAllEntryPoints(String user, String word, int status) {
		assertThat(asked(user).turnedAway("room.42").entrySet()).hasSize(27)
			.allSatisfy((answer) -> assertThat(answer.getValue()).as(answer.getKey())
				.isIn("1008 " + word, status + " " + word));
	}

	/** Users whom nobody stops, at the same doors. */
	@Test
	void othersAreNotTurnedAway() {
		assertThat(asked("ann").read("room.42").values()).containsOnly("granted");
		assertThat(asked("ann").members("room.42").values()).containsOnly("granted");
	}

	private EntryPoints asked(@Nullable String user) {
		return new EntryPoints(this.web, this.netty, user);
	}

	/** Rules name most topics; a bean decides about the others. */
	@SpringBootConfiguration
	@Import(ChatNode.class)
	static class Node {

		private final UnreadNode named = new UnreadNode();

		@Bean
		OncePerRequestFilter userFromHeader() {
			return this.named.userFromHeader();
		}

		/** The token of rex has an id, and the credentials of exa have ended. */
		@Bean
		ConnectAuthenticator credentials() {
			return new ConnectAuthenticator() {

				@Override
				public @Nullable Principal authenticate(ConnectRequest request) {
					String login = request.headers().get("login");
					return (login != null) ? new ChatNode.Name(login) : null;
				}

				@Override
				public @Nullable Instant expiresAt(Principal user) {
					return user.getName().equals("exa") ? Instant.now().minusSeconds(1) : null;
				}

				@Override
				public @Nullable ConnectToken token(Principal user) {
					return user.getName().equals("rex") ? new ConnectToken("token-of-rex", Instant.EPOCH) : null;
				}

			};
		}

		@Bean
		TopicAccess topicAccess() {
			return new TopicAccess() {

				@Override
				public boolean mayRead(@Nullable Principal user, Topic topic) {
					return topic.name().startsWith("bean.") && user != null && user.getName().equals("ann");
				}

				@Override
				public boolean maySeeMembers(@Nullable Principal user, Topic topic) {
					return false;
				}

			};
		}

	}

}
