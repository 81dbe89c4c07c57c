package dev.realtime.spring.journey;

import java.util.List;
import java.util.Map;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.node.RealtimeNode;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * A message is published if and only if the transaction that wrote it commits: what the
 * subscriber on another node sees.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TransactionsContract {

	private String room;

	private ConfigurableApplicationContext one;

	private ConfigurableApplicationContext two;

	private StompTestClient client;

	abstract ConfigurableApplicationContext node();

	@BeforeAll
	void start() {
		this.one = node();
		this.two = node();
	}

	@BeforeEach
	void subscribe() {
		this.room = Messages.topic().name();
		this.client = StompTestClient.connect(ChatNode.port(this.two), "ann");
		this.client.subscribe("sub-0", "/topic/" + this.room);
	}

	@AfterEach
	void leave() {
		this.client.close();
	}

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
	}

	@Test
	void aMessageIsSeenOnceItsTransactionHasCommittedAndNotBefore() {
		PublishReceipt inside = transaction().execute((status) -> {
			PublishReceipt receipt = publish("inside");
			orders().add(this.room);
			StompFrame before = outside("elsewhere." + this.room, "meanwhile");
			assertThat(before.body()).isEqualTo("meanwhile");
			assertThat(messages()).extracting(StompFrame::body).containsExactly("meanwhile");
			return receipt;
		});

		this.client.await("the message", (frame) -> frame.isMessage() && frame.body().equals("inside"));
		assertThat(inside).isNotNull();
		assertThat(head()).isEqualTo(inside.position());
		assertThat(orders().all()).contains(this.room);
	}

	@Test
	void aRollbackLeavesNoMessageAndUsesNoNumber() {
		assertThatIllegalStateException().isThrownBy(() -> transaction().executeWithoutResult((status) -> {
			orders().add(this.room);
			publish("never");
			throw new IllegalStateException("no");
		}));

		publish("next");

		StompFrame first = this.client.await("a message", StompFrame::isMessage);
		assertThat(first.body()).isEqualTo("next");
		assertThat(first.seq()).isEqualTo(1);
		assertThat(orders().all()).doesNotContain(this.room);
	}

	@Test
	void whatASavepointTakesBackIsNotSeenAndTheRestIs() {
		TransactionTemplate nested = transaction();
		nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		transaction().executeWithoutResult((status) -> {
			publish("kept one");
			nested.executeWithoutResult((inner) -> {
				publish("taken back");
				inner.setRollbackOnly();
			});
			nested.executeWithoutResult((inner) -> publish("kept two"));
		});
		publish("last");

		this.client.await("the last", (frame) -> frame.isMessage() && frame.body().equals("last"));
		assertThat(messages()).extracting(StompFrame::body).containsExactly("kept one", "kept two", "last");
		assertThat(messages()).extracting(StompFrame::seq).containsExactly(1L, 2L, 3L);
	}

	@Test
	void springsTemplateAndPersonalMessagesAreAPartOfTheTransaction() {
		this.client.send("SUBSCRIBE", Map.of("id", "sub-1", "destination", "/user/queue/inbox", "receipt", "r"), "");
		this.client.await("the receipt", (frame) -> "r".equals(frame.get("receipt-id")));
		transaction().executeWithoutResult((status) -> {
			send("never");
			status.setRollbackOnly();
		});
		transaction().executeWithoutResult((status) -> send("text"));

		this.client.await("the personal one",
				(frame) -> frame.isMessage() && frame.header("subscription").equals("sub-1"));
		this.client.await("the public one",
				(frame) -> frame.isMessage() && frame.header("subscription").equals("sub-0"));
		assertThat(messages()).extracting(StompFrame::body).containsExactlyInAnyOrder("text", "text");
	}

	@Test
	void whatATransactionalMethodReturnsIsAPartOfItsTransaction() {
		this.client.subscribe("sub-1", "/topic/orders." + id());
		DurableNode.Orders orders = orders();

		assertThatIllegalStateException().isThrownBy(() -> orders.place(id(), () -> {
			throw new IllegalStateException("no");
		}));
		// published, and then the insert of the same key breaks the transaction
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> transaction().executeWithoutResult((status) -> {
				orders.place(id(), () -> {
				});
				orders.add(id());
			}));
		orders.place(id(), () -> {
		});

		StompFrame first = this.client.await("the message", StompFrame::isMessage);
		assertThat(first.body()).isEqualTo("placed " + id());
		assertThat(first.seq()).isEqualTo(1);
		assertThat(messages()).hasSize(1);
	}

	@Test
	void inAReadOnlyTransactionAMessageIsPublishedAtOnceByItself() {
		TransactionTemplate readOnly = transaction();
		readOnly.setReadOnly(true);
		readOnly.executeWithoutResult((status) -> {
			publish("at once");
			this.client.await("the message", (frame) -> frame.isMessage() && frame.body().equals("at once"));
		});
	}

	@Test
	void aTransactionThatLostAMessageCannotCommit() {
		jdbc().execute("ALTER TABLE realtime_message ADD CONSTRAINT no_bad CHECK (type IS NULL OR type <> 'bad one')");
		try {
			assertThatExceptionOfType(PublishException.class)
				.isThrownBy(() -> transaction().executeWithoutResult((status) -> {
					orders().add(this.room);
					publish("before");
					Publication bad = Publication.to(Topic.of(this.room)).type("bad one").build();
					assertThatExceptionOfType(PublishException.class)
						.isThrownBy(() -> this.one.getBean(RealtimePublisher.class).publishAndWait(bad));
				}));
		}
		finally {
			jdbc().execute("ALTER TABLE realtime_message DROP CONSTRAINT no_bad");
		}
		assertThat(orders().all()).doesNotContain(this.room);
		publish("after");
		assertThat(this.client.await("a message", StompFrame::isMessage).seq()).isEqualTo(1);
	}

	@Test
	void whatIsPublishedInAnAfterCommitCallbackIsStoredAndSeenAtOnce() {
		transaction().executeWithoutResult((status) -> {
			orders().add(this.room);
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
				@Override
				public void afterCommit() {
					PublishReceipt late = publish("late");
					TransactionsContract.this.client.await("the message",
							(frame) -> frame.isMessage() && frame.body().equals("late"));
					assertThat(head()).isEqualTo(late.position());
				}
			});
		});
		assertThat(jdbc().queryForObject("SELECT COUNT(*) FROM realtime_message WHERE topic = ?", Integer.class,
				this.room))
			.isEqualTo(1);
	}

	@Test
	void fleetingTopicsAreNotKeptInTheDatabase() {
		String topic = "fleeting." + id();
		this.client.subscribe("sub-1", "/topic/" + topic);

		outside(topic, "soon gone");

		assertThat(jdbc().queryForList("SELECT topic FROM realtime_topic", String.class)).contains(this.room)
			.doesNotContain(topic);
	}

	/** Publishes and waits until the subscriber has what it published before. */
	private StompFrame outside(String topic, String text) {
		String id = "out-" + topic;
		this.client.subscribe(id, "/topic/" + topic);
		Await.result(
				this.two.getBean(RealtimePublisher.class).publish(Publication.of(Topic.of(topic), Content.text(text))));
		return this.client.await("the message outside",
				(frame) -> frame.isMessage() && frame.header("subscription").equals(id));
	}

	private PublishReceipt publish(String text) {
		return this.one.getBean(RealtimePublisher.class)
			.publishAndWait(Publication.of(Topic.of(this.room), Content.text(text)));
	}

	private void send(String text) {
		SimpMessagingTemplate template = this.one.getBean(SimpMessagingTemplate.class);
		template.convertAndSend("/topic/" + this.room, text);
		template.convertAndSendToUser("ann", "/queue/inbox", text);
	}

	private Position head() {
		return Await.result(this.two.getBean(RealtimeNode.class).broker().log().heads(List.of(Topic.of(this.room))))
			.get(0);
	}

	private String id() {
		return this.room.replace('.', '-');
	}

	private List<StompFrame> messages() {
		return this.client.frames().stream().filter(StompFrame::isMessage).toList();
	}

	private DurableNode.Orders orders() {
		return this.one.getBean(DurableNode.Orders.class);
	}

	private JdbcTemplate jdbc() {
		return this.one.getBean(JdbcTemplate.class);
	}

	private TransactionTemplate transaction() {
		return new TransactionTemplate(transactionManager());
	}

	final PlatformTransactionManager transactionManager() {
		return this.one.getBean(PlatformTransactionManager.class);
	}

}
