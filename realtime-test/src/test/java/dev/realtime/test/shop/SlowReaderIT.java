package dev.realtime.test.shop;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

import dev.realtime.node.RealtimeNode;
import dev.realtime.test.ClosedConnection;
import dev.realtime.test.RealtimeFaults;
import dev.realtime.test.RealtimeTest;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestTime;
import dev.realtime.test.ReceivedMessage;
import dev.realtime.test.TestSubscription;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.test.annotation.DirtiesContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What an application sends to a client that does not read waits, up to a bound. */
class SlowReaderIT {

	@Nested
	@RealtimeTest(classes = Shop.class)
	class OnTheServletContainer extends Readers {

	}

	@Nested
	@RealtimeTest(classes = Shop.class, properties = { "realtime.netty.port=0", "realtime.security.anonymous=true" })
	class OnTheNettyListener extends Readers {

	}

	@Nested
	@DirtiesContext
	@RealtimeTest(classes = Shop.class)
	class AfterTheWriteTimeout {

		@Test
		void itIsClosed(RealtimeTestClient client, RealtimeTestTime time) {
			client.stopReading();
			// realtime.limits.write-timeout is 30s
			time.advance(Duration.ofSeconds(31));
			assertThat(client.awaitClosed()).isEqualTo(new ClosedConnection(4002, "write timeout"));
		}

	}

	/** The same on each kind of socket. */
	abstract static class Readers {

		@Autowired
		SimpMessagingTemplate template;

		@Autowired
		RealtimeNode node;

		@Test
		void whatFitsItsQueueArrivesWhenItReadsOn(RealtimeTestClient client) {
			TestSubscription slow = client.subscribe("tight.1");
			TestSubscription other = client.asUser("ann").subscribe("tight.1");
			client.stopReading();
			publish("tight.1", 5);
			other.awaitMessages(5);
			assertThat(slow.messages()).isEmpty();
			client.resumeReading();
			slow.awaitMessages(5);
			assertThat(slow).hasNoGaps().hasTexts("1", "2", "3", "4", "5");
			assertThat(client.isConnected()).isTrue();
		}

		@Test
		void aFullQueueClosesItsConnection(RealtimeTestClient client) {
			TestSubscription slow = client.subscribe("tight.2");
			client.stopReading();
			publish("tight.2", 6);
			assertThat(client.awaitClosed()).isEqualTo(new ClosedConnection(1013, "slow consumer"));
			assertThat(slow.messages()).isEmpty();
			client.reconnect();
			slow.awaitMessages(6);
			assertThat(slow).isRecovered().hasNoGaps();
		}

		@Test
		void aFullQueueDropsTheOldest(RealtimeTestClient client) {
			TestSubscription slow = client.subscribe("cursor.1");
			client.stopReading();
			publish("cursor.1", 12);
			client.resumeReading();
			slow.awaitMessages(5);
			assertThat(slow).isInOrder().hasGap("overflow").hasTexts("8", "9", "10", "11", "12");
			assertThat(slow.gaps()).extracting((gap) -> gap.to() - gap.from() + 1).containsExactly(7L);
		}

		@Test
		void aNewerMessageReplacesTheOneThatWaits(RealtimeTestClient client) {
			TestSubscription slow = client.subscribe("quote.1");
			TestSubscription other = client.asUser("ann").subscribe("quote.1");
			client.stopReading();
			for (int i = 1; i <= 20; i++) {
				this.template.convertAndSend("/topic/quote.1", String.valueOf(i), Map.of("key", "ACME"));
				other.awaitMessage();
			}
			client.resumeReading();
			assertThat(slow.awaitMessage().text()).isEqualTo("20");
			assertThat(slow).hasGap("conflated");
			assertThat(other.messages()).extracting(ReceivedMessage::text).hasSize(20);
		}

		@Test
		void whatComesWhileItStopsIsNotLost(RealtimeTestClient client) {
			TestSubscription slow = client.subscribe("order.s3");
			for (int round = 1; round <= 3; round++) {
				publish("order.s3", 100);
				client.stopReading();
				client.resumeReading();
				slow.awaitMessages(100);
			}
			assertThat(slow).hasNoGaps();
		}

		@Test
		void itReadsOnWhenItsQueueHasWhatWasPublished(RealtimeTestClient client, RealtimeFaults faults) {
			TestSubscription slow = client.subscribe("cursor.2");
			client.stopReading();
			RealtimeFaults.Outage outage = faults.holdAnnouncements();
			publish("cursor.2", 12);
			CompletableFuture<Void> reading = CompletableFuture.runAsync(client::resumeReading);
			assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> reading.get(200, TimeUnit.MILLISECONDS));
			outage.close();
			assertThat(reading).succeedsWithin(Duration.ofSeconds(10));
			slow.awaitMessages(5);
			assertThat(slow).hasGap("overflow").hasTexts("8", "9", "10", "11", "12");
		}

		@Test
		void itDoesNothingUntilItReadsOn(RealtimeTestClient client) {
			client.subscribe("order.s1");
			client.stopReading();
			assertThatIllegalStateException().isThrownBy(() -> client.send("room.s1", "hello"))
				.withMessageContaining("resumeReading()");
			assertThatIllegalStateException().isThrownBy(client::stopReading);
			client.resumeReading();
			assertThatIllegalStateException().isThrownBy(client::resumeReading);
			assertThat(client.send("room.s1", "hello").isDuplicate()).isFalse();
		}

		@Test
		void itMayBeCutOffAndComeBack(RealtimeTestClient client) {
			TestSubscription slow = client.subscribe("order.s2");
			client.stopReading();
			publish("order.s2", 3);
			client.cut();
			client.reconnect();
			slow.awaitMessages(3);
			assertThat(slow).isRecovered().hasNoGaps();
		}

		@Test
		void itIsGoneAfterTheTest(@Autowired ApplicationContext application) {
			try (RealtimeTestClient client = RealtimeTestClient.of(application)) {
				client.asUser("slow").stopReading();
				client.asUser("slow").connect();
				assertThat(this.node.hub().connections()).hasSize(2);
			}
			assertThat(this.node.hub().connections()).isEmpty();
		}

		private void publish(String topic, int messages) {
			IntStream.rangeClosed(1, messages)
				.forEach((i) -> this.template.convertAndSend("/topic/" + topic, String.valueOf(i)));
		}

	}

}
