package dev.realtime.test.shop;

import dev.realtime.test.PublishedMessages;
import dev.realtime.test.RealtimeTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** A message that is a part of a transaction is published when that is committed. */
@RealtimeTest(classes = Shop.class, properties = { "realtime.log=jdbc", "spring.datasource.url=jdbc:h2:mem:published" })
class PublishedInTransactionsIT {

	@Autowired
	SimpMessagingTemplate template;

	@Autowired
	TransactionTemplate transactions;

	@Test
	void aCommitPublishes(PublishedMessages published) {
		this.transactions.executeWithoutResult((transaction) -> {
			this.template.convertAndSend("/topic/order.1", "packed");
			assertThat(published).isEmpty();
		});
		assertThat(published.texts()).containsExactly("packed");
	}

	@Test
	void aRollbackPublishesNothing(PublishedMessages published) {
		this.transactions.executeWithoutResult((transaction) -> {
			this.template.convertAndSend("/topic/order.2", "packed");
			transaction.setRollbackOnly();
		});
		assertThat(published).isEmpty();
	}

}
