package dev.realtime.node;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.connection.FrameEncoder;
import dev.realtime.connection.PatternOutcome;
import dev.realtime.connection.SubscribeOutcome;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.delivery.Gap;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;

/** Says in STOMP what the hub says. */
final class StompEncoder implements FrameEncoder {

	private final Function<Topic, String> destinations;

	/** Whether clients are told which span has published a message. */
	private final boolean tracesToClients;

	StompEncoder(Function<Topic, String> destinations, boolean tracesToClients) {
		this.destinations = destinations;
		this.tracesToClients = tracesToClients;
	}

	@Override
	public byte[] message(TopicMessage message, String subscriptionId) {
		return StompFrames.message(message, this.destinations.apply(message.topic()), subscriptionId,
				this.tracesToClients ? message.content().trace() : null);
	}

	@Override
	public byte[] signal(Signal signal, String subscriptionId) {
		return StompFrames.signal(signal, subscriptionId);
	}

	@Override
	public byte[] receipt(String receiptId, SubscribeOutcome outcome) {
		Map<String, @Nullable Object> headers = new LinkedHashMap<>();
		headers.put("topic", outcome.topic().name());
		headers.put("epoch", outcome.position().epoch());
		headers.put("seq", outcome.position().seq());
		headers.put("replayed", outcome.replayed());
		if (outcome.recovery() != Recovery.NOT_ASKED) {
			headers.put("recovered", outcome.recovery() == Recovery.RECOVERED);
			headers.put("reason", outcome.recovery().reason());
		}
		return StompFrames.receipt(receiptId, headers);
	}

	@Override
	public byte[] receipt(String receiptId, PatternOutcome outcome) {
		Map<String, @Nullable Object> headers = new LinkedHashMap<>();
		headers.put("pattern", outcome.pattern().text());
		if (outcome.resuming()) {
			headers.put("resumed", outcome.resumed());
			headers.put("recovered", false);
			headers.put("reason", "pattern");
		}
		return StompFrames.receipt(receiptId, headers);
	}

	@Override
	public byte[] patternGap(String subscriptionId, TopicPattern pattern) {
		Map<String, @Nullable Object> headers = new LinkedHashMap<>();
		headers.put("subscription-id", subscriptionId);
		headers.put("pattern", pattern.text());
		headers.put("reason", "pattern");
		return StompFrames.control("gap", headers);
	}

	@Override
	public byte[] gap(Gap gap) {
		Map<String, @Nullable Object> headers = new LinkedHashMap<>();
		headers.put("subscription-id", gap.subscription());
		headers.put("topic", gap.topic().name());
		headers.put("epoch", gap.epoch());
		headers.put("from", gap.from());
		headers.put("to", gap.to());
		headers.put("reason", gap.reason());
		return StompFrames.control("gap", headers);
	}

	@Override
	public byte[] reconnect(Duration after) {
		Map<String, @Nullable Object> headers = new LinkedHashMap<>();
		headers.put("after-ms", after.toMillis());
		return StompFrames.control("reconnect", headers);
	}

	@Override
	public byte[] expiring(Duration in) {
		Map<String, @Nullable Object> headers = new LinkedHashMap<>();
		headers.put("in-ms", in.toMillis());
		return StompFrames.control("expiring", headers);
	}

	@Override
	public byte[] heartbeat() {
		return StompFrames.heartbeat();
	}

}
