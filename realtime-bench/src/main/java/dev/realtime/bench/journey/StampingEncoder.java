package dev.realtime.bench.journey;

import java.time.Duration;
import java.util.Map;

import dev.realtime.Signal;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.connection.FrameEncoder;
import dev.realtime.connection.PatternOutcome;
import dev.realtime.connection.SubscribeOutcome;
import dev.realtime.delivery.Gap;
import dev.realtime.stomp.StompFrames;

/**
 * Stamps the messages that the shard takes up, and makes the same MESSAGE frames as a
 * node does. Nothing else is asked for here.
 */
final class StampingEncoder implements FrameEncoder {

	private final Stamps stamps;

	StampingEncoder(Stamps stamps) {
		this.stamps = stamps;
	}

	@Override
	public byte[] message(TopicMessage message, String subscriptionId) {
		this.stamps.handed(message.seq());
		return StompFrames.message(message, "/topic/" + message.topic(), subscriptionId);
	}

	@Override
	public byte[] signal(Signal signal, String subscriptionId) {
		return StompFrames.signal(signal, subscriptionId);
	}

	@Override
	public byte[] receipt(String receiptId, SubscribeOutcome outcome) {
		return StompFrames.receipt(receiptId, Map.of());
	}

	@Override
	public byte[] receipt(String receiptId, PatternOutcome outcome) {
		return StompFrames.receipt(receiptId, Map.of());
	}

	@Override
	public byte[] patternGap(String subscriptionId, TopicPattern pattern) {
		return StompFrames.control("gap", Map.of());
	}

	@Override
	public byte[] gap(Gap gap) {
		return StompFrames.control("gap", Map.of());
	}

	@Override
	public byte[] reconnect(Duration after) {
		return StompFrames.control("reconnect", Map.of());
	}

	@Override
	public byte[] expiring(Duration in) {
		return StompFrames.control("expiring", Map.of());
	}

	@Override
	public byte[] heartbeat() {
		return StompFrames.heartbeat();
	}

}
