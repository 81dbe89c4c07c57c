package dev.realtime.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;

import dev.realtime.Overflow;
import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.FrameEncoder;
import dev.realtime.connection.PatternOutcome;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeOutcome;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.hub.HubFixture;
import dev.realtime.hub.UnreliableBroker;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a frame that cannot be made may not do to others. */
class EncodingFaultTests extends HubFixture<UnreliableBroker> {

	private final Encoder failing = (Encoder) this.encoder;

	EncodingFaultTests() {
		super(new UnreliableBroker(), OPTIONS, new Encoder());
	}

	@Test
	void rule9_aMessageThatCannotBeEncodedIsAGapAndTheNextIsDelivered() {
		RecordingTransport client = subscribed("a");
		this.failing.messagesFail = (message) -> message.seq() == 2;
		publish(3);
		await().untilAsserted(() -> assertThat(client.seqs()).containsExactly(1L, 3L));
		assertThat(client.others()).containsExactly("receipt ready 0 NOT_ASKED 0", "gap sub-0 2 2 failed");
		assertThat(client.frames.indexOf("gap sub-0 2 2 failed")).isEqualTo(2);
	}

	@Test
	void rule9_aReplayedMessageThatCannotBeEncodedIsAGapToo() {
		RecordingTransport other = subscribed("other");
		Position first = publish(1);
		publish(5);
		await().untilAsserted(() -> assertThat(other.seqs()).hasSize(6));
		this.failing.messagesFail = (message) -> message.seq() == 4;
		RecordingTransport client = connected("a");
		connection("a").subscribe(new SubscribeRequest("sub-1", ROOM, first, 0, "r"));
		await().untilAsserted(() -> assertThat(client.seqs()).containsExactly(2L, 3L, 5L, 6L));
		assertThat(client.others()).contains("gap sub-1 4 4 failed");
	}

	@Test
	void rule9_aReceiptThatCannotBeEncodedClosesTheConnection() {
		RecordingTransport healthy = subscribed("healthy");
		this.failing.receiptsFail = true;
		RecordingTransport client = connected("a");
		connection("a").subscribe(new SubscribeRequest("sub-0", ROOM, null, 0, "r"));
		await().untilAsserted(() -> assertThat(client.closed).isEqualTo(CloseReason.FAILED));
		publish(1);
		await().untilAsserted(() -> assertThat(healthy.seqs()).containsExactly(1L));
	}

	@Test
	void rule9_whatCouldNotBeWrittenToOneConnectionIsNotWrittenToAnother() throws Exception {
		this.policies = TopicPolicies.all(TopicPolicy.builder().queue(2, 1 << 20, Overflow.DROP_OLDEST).build());
		RecordingTransport slow = subscribed("slow");
		slow.stopReading();
		publish(1);
		await().untilAsserted(() -> assertThat(slow.seqs()).containsExactly(1L));
		connection("slow").send(Frame.of("secret".getBytes(StandardCharsets.UTF_8)));
		publish(5);
		await().untilAsserted(() -> assertThat(this.hub.stats().dropped()).isEqualTo(3));
		RecordingTransport other = connected("other");
		this.failing.gapsFail = true;
		slow.readAgain();
		connection("other").send(Frame.of("mine".getBytes(StandardCharsets.UTF_8)));
		await().untilAsserted(() -> assertThat(slow.closed).isEqualTo(CloseReason.FAILED));
		await().untilAsserted(() -> assertThat(other.frames).containsExactly("mine"));
	}

	/** Fails to encode on request. */
	private static final class Encoder implements FrameEncoder {

		private final PlainEncoder plain = new PlainEncoder();

		volatile Predicate<TopicMessage> messagesFail = (message) -> false;

		volatile boolean receiptsFail;

		volatile boolean gapsFail;

		private static void failIf(boolean fail) {
			if (fail) {
				throw new StackOverflowError("on purpose");
			}
		}

		@Override
		public byte[] message(TopicMessage message, String subscriptionId) {
			failIf(this.messagesFail.test(message));
			return this.plain.message(message, subscriptionId);
		}

		@Override
		public byte[] signal(Signal signal, String subscriptionId) {
			return this.plain.signal(signal, subscriptionId);
		}

		@Override
		public byte[] receipt(String receiptId, SubscribeOutcome outcome) {
			failIf(this.receiptsFail);
			return this.plain.receipt(receiptId, outcome);
		}

		@Override
		public byte[] receipt(String receiptId, PatternOutcome outcome) {
			failIf(this.receiptsFail);
			return this.plain.receipt(receiptId, outcome);
		}

		@Override
		public byte[] patternGap(String subscriptionId, TopicPattern pattern) {
			failIf(this.gapsFail);
			return this.plain.patternGap(subscriptionId, pattern);
		}

		@Override
		public byte[] gap(Gap gap) {
			failIf(this.gapsFail);
			return this.plain.gap(gap);
		}

		@Override
		public byte[] reconnect(Duration after) {
			return this.plain.reconnect(after);
		}

		@Override
		public byte[] expiring(Duration in) {
			return this.plain.expiring(in);
		}

		@Override
		public byte[] heartbeat() {
			return this.plain.heartbeat();
		}

	}

}
