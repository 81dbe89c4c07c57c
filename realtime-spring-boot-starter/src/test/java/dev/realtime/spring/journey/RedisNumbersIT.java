package dev.realtime.spring.journey;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** A node whose durable topics are numbered by a counter in Redis. */
class RedisNumbersIT {

	private static final Topic ROOM = Topic.of("numbered.by.redis");

	@Test
	void whatCommitsIsSeenInOrderAndWhatRollsBackIsPassedOver() {
		try (ConfigurableApplicationContext node = DurableNode.start(RedisServer.shared().port(),
				"jdbc:h2:mem:redis-numbers;DB_CLOSE_DELAY=-1", "realtime.sequence=redis");
				StompTestClient ann = StompTestClient.connect(ChatNode.port(node), "ann")) {
			ann.subscribe("sub-0", "/topic/" + ROOM);
			TransactionTemplate transaction = new TransactionTemplate(node.getBean(PlatformTransactionManager.class));
			publish(node, "one");
			transaction.executeWithoutResult((status) -> {
				publish(node, "never");
				status.setRollbackOnly();
			});
			transaction.executeWithoutResult((status) -> publish(node, "two"));

			StompFrame last = ann.await("the last", (frame) -> frame.isMessage() && frame.body().equals("two"));

			assertThat(last.seq()).isEqualTo(3);
			assertThat(ann.frames().stream().filter(StompFrame::isMessage).map(StompFrame::body)).containsExactly("one",
					"two");
		}
	}

	private static void publish(ConfigurableApplicationContext node, String text) {
		node.getBean(RealtimePublisher.class).publishAndWait(Publication.of(ROOM, Content.text(text)));
	}

}
