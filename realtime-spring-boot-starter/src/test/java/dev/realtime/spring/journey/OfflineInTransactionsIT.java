package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.spring.offline.OfflineHandler;
import dev.realtime.spring.offline.OfflineMessage;
import dev.realtime.spring.security.TopicAccess;
import dev.realtime.unread.ReadPositions;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Handlers hear of a message when the transaction that it is a part of has committed. */
class OfflineInTransactionsIT {

	private static final Duration DELAY = Duration.ofSeconds(20);

	@Test
	void rule2_aHandlerGetsWhatIsCommittedWithTheNumberOfUnreadMessagesAndNothingElse() {
		try (ConfigurableApplicationContext node = new SpringApplicationBuilder(Node.class)
			.properties("server.port=0", "realtime.broker=memory", "realtime.log=jdbc",
					"spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
					"realtime.jdbc.initialize-schema=always", "realtime.security.anonymous=true",
					"realtime.drain.spread=0s", "spring.main.register-shutdown-hook=false")
			.run()) {
			List<OfflineMessage> pushed = node.getBean(Node.class).pushed;
			SimpMessagingTemplate template = node.getBean(SimpMessagingTemplate.class);
			TransactionTemplate transaction = new TransactionTemplate(node.getBean(PlatformTransactionManager.class));
			transaction.executeWithoutResult((status) -> {
				template.convertAndSendToUser("ann", "/queue/news", "rolled back");
				status.setRollbackOnly();
			});
			transaction.executeWithoutResult((status) -> {
				template.convertAndSendToUser("ann", "/queue/news", "1");
				await().during(Duration.ofSeconds(3)).until(pushed::isEmpty);
			});
			await().atMost(DELAY).until(() -> pushed.size() == 1);
			template.convertAndSendToUser("ann", "/queue/news", "2");
			await().atMost(DELAY).until(() -> pushed.size() == 2);
			assertThat(pushed).extracting((each) -> each.message().content().text()).containsExactly("1", "2");
			assertThat(pushed).extracting(OfflineMessage::unread)
				.containsExactly(OptionalLong.of(1), OptionalLong.of(2));
			node.getBean(ReadPositions.class)
				.markRead("ann", pushed.get(0).message().topic(), pushed.get(1).message().position())
				.toCompletableFuture()
				.join();
			template.convertAndSendToUser("ann", "/queue/news", "3");
			await().atMost(DELAY).until(() -> pushed.size() == 3);
			assertThat(pushed.get(2).unread()).isEqualTo(OptionalLong.of(1));
		}
	}

	/** Remembers what it gets. */
	@SpringBootConfiguration
	@Import(ChatNode.class)
	static class Node {

		private final List<OfflineMessage> pushed = new CopyOnWriteArrayList<>();

		@Bean
		OfflineHandler offlineHandler() {
			return this.pushed::add;
		}

		@Bean
		TopicAccess topicAccess() {
			return (user, topic) -> true;
		}

	}

}
