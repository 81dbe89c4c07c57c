package dev.realtime.delivery;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import dev.realtime.DeliveryRate;
import dev.realtime.Position;
import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;

/**
 * Encoded bytes on their way to sockets. One frame is shared by all connections that get
 * the same bytes; nobody may change them.
 */
public final class Frame {

	private final byte[] bytes;

	private final @Nullable TopicMessage message;

	private final String subscription;

	/** Whether it is noted when the message is written. */
	private final boolean journey;

	private volatile @Nullable String text;

	private volatile boolean binary;

	private Frame(byte[] bytes, @Nullable TopicMessage message, String subscription, boolean journey) {
		this.bytes = bytes;
		this.message = message;
		this.subscription = subscription;
		this.journey = journey;
	}

	/** A frame that carries no numbered message; takes the array over. */
	public static Frame of(byte[] bytes) {
		return new Frame(bytes, null, "", false);
	}

	/**
	 * The frame of a numbered message, for all subscriptions of this id.
	 * @param journey whether it is noted when the message is written
	 */
	static Frame of(byte[] bytes, TopicMessage message, String subscription, boolean journey) {
		return new Frame(bytes, message, subscription, journey);
	}

	/** Returns the frame of the same message with other bytes, which are taken over. */
	public Frame rewritten(byte[] bytes) {
		return new Frame(bytes, this.message, this.subscription, this.journey);
	}

	/** The shared bytes: read only. */
	public byte[] bytes() {
		return this.bytes;
	}

	/** Number of bytes. */
	public int size() {
		return this.bytes.length;
	}

	/**
	 * The bytes as text, decoded once for all connections; null when they are not UTF-8,
	 * so that a WebSocket must carry them as binary.
	 */
	public @Nullable String text() {
		String known = this.text;
		if (known == null && !this.binary) {
			try {
				known = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(this.bytes)).toString();
				this.text = known;
			}
			catch (CharacterCodingException ex) {
				this.binary = true;
			}
		}
		return known;
	}

	/** Whether the bytes are UTF-8, so that a WebSocket may carry them as text. */
	public boolean isText() {
		return isAscii() || text() != null;
	}

	private boolean isAscii() {
		for (byte each : this.bytes) {
			if (each < 0) {
				return false;
			}
		}
		return true;
	}

	/** The position of the message that it carries, or null. */
	public @Nullable Position position() {
		return (this.message != null) ? this.message.position() : null;
	}

	/**
	 * The numbered message that it carries, if it is to be noted when that is written;
	 * null otherwise.
	 */
	public @Nullable TopicMessage journey() {
		return this.journey ? this.message : null;
	}

	/** The numbered message that it carries, or null. */
	public @Nullable TopicMessage message() {
		return this.message;
	}

	/**
	 * Returns the key of messages of which only the newest one has to wait, or null if no
	 * message replaces this one: it has no key, or is important.
	 */
	public @Nullable String replaceKey() {
		return (this.message == null || this.message.isImportant()) ? null
				: this.message.content().headers().get(DeliveryRate.KEY);
	}

	/** The id of the subscriptions that it is for; empty without a message. */
	public String subscription() {
		return this.subscription;
	}

}
