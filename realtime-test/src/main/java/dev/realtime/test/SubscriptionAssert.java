package dev.realtime.test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.Position;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * What AssertJ can say about a {@link TestSubscription}, of all messages that have come:
 * await those that are meant before.
 */
public final class SubscriptionAssert extends AbstractAssert<SubscriptionAssert, TestSubscription> {

	SubscriptionAssert(TestSubscription actual) {
		super(actual, SubscriptionAssert.class);
	}

	/** Every message has a higher number than the one before it of its topic. */
	public SubscriptionAssert isInOrder() {
		Map<String, Position> last = new HashMap<>();
		for (ReceivedMessage message : this.actual.messages()) {
			Position before = last.put(message.destination(), message.position());
			if (before != null && before.sameEpoch(message.position()) && before.seq() >= message.seq()) {
				failWithMessage("Message %s came after %s. %s", message.position(), before, this.actual);
			}
		}
		return this;
	}

	/** No gap was announced, and no number is missing between two messages. */
	public SubscriptionAssert hasNoGaps() {
		if (!this.actual.gaps().isEmpty()) {
			failWithMessage("There are gaps: %s. %s", this.actual.gaps(), this.actual);
		}
		Map<String, Position> last = new HashMap<>();
		for (ReceivedMessage message : this.actual.messages()) {
			Position before = last.put(message.destination(), message.position());
			if (before != null && (!before.sameEpoch(message.position()) || before.seq() + 1 != message.seq())) {
				failWithMessage("Messages are missing between %s and %s. %s", before, message.position(), this.actual);
			}
		}
		return this;
	}

	/** A gap with this reason was announced, such as {@code epoch-changed}. */
	public SubscriptionAssert hasGap(String reason) {
		if (this.actual.gaps().stream().noneMatch((gap) -> gap.reason().equals(reason))) {
			failWithMessage("There is no gap with reason %s. %s", reason, this.actual);
		}
		return this;
	}

	/** The last reconnect continued where the subscription was. */
	public SubscriptionAssert isRecovered() {
		Recovery recovery = reconnected();
		if (!recovery.recovered()) {
			failWithMessage("The subscription was not recovered: %s. %s", recovery.reason(), this.actual);
		}
		return this;
	}

	/** The last reconnect could not continue, for this reason. */
	public SubscriptionAssert isNotRecovered(String reason) {
		Recovery recovery = reconnected();
		if (recovery.recovered() || !reason.equals(recovery.reason())) {
			failWithMessage("Expected no recovery because of %s, but: %s. %s", reason, recovery, this.actual);
		}
		return this;
	}

	/** The payloads of all messages are these texts. */
	public SubscriptionAssert hasTexts(String... texts) {
		List<String> came = this.actual.messages().stream().map(ReceivedMessage::text).toList();
		if (!came.equals(List.of(texts))) {
			failWithMessage("Expected the texts %s, but: %s", List.of(texts), this.actual);
		}
		return this;
	}

	private Recovery reconnected() {
		@Nullable Recovery recovery = this.actual.recovery();
		if (recovery == null) {
			failWithMessage("The subscription was never renewed with a position. %s", this.actual);
			throw new IllegalStateException();
		}
		return recovery;
	}

}
