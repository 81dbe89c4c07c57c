package dev.realtime.connection;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Signal;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.delivery.Gap;

/** Frames that a test can read: {@code message <subscription> <seq> <text>}. */
public final class PlainEncoder implements FrameEncoder {

	public final AtomicInteger messagesEncoded = new AtomicInteger();

	public final AtomicInteger signalsEncoded = new AtomicInteger();

	@Override
	public byte[] message(TopicMessage message, String subscriptionId) {
		this.messagesEncoded.incrementAndGet();
		return bytes("message " + subscriptionId + ' ' + message.seq() + ' ' + message.content().text());
	}

	@Override
	public byte[] signal(Signal signal, String subscriptionId) {
		this.signalsEncoded.incrementAndGet();
		return bytes("signal " + subscriptionId + ' ' + signal.type());
	}

	@Override
	public byte[] receipt(String receiptId, SubscribeOutcome outcome) {
		return bytes("receipt " + receiptId + ' ' + outcome.position().seq() + ' ' + outcome.recovery() + ' '
				+ outcome.replayed());
	}

	@Override
	public byte[] receipt(String receiptId, PatternOutcome outcome) {
		return bytes("receipt " + receiptId + " pattern" + (outcome.resuming() ? " " + outcome.resumed() : ""));
	}

	@Override
	public byte[] patternGap(String subscriptionId, TopicPattern pattern) {
		return bytes("gap " + subscriptionId + " pattern");
	}

	@Override
	public byte[] gap(Gap gap) {
		return bytes("gap " + gap.subscription() + ' ' + gap.from() + ' ' + gap.to() + ' ' + gap.reason());
	}

	@Override
	public byte[] reconnect(Duration after) {
		return bytes("reconnect");
	}

	@Override
	public byte[] expiring(Duration in) {
		return bytes("expiring");
	}

	@Override
	public byte[] heartbeat() {
		return bytes("\n");
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
