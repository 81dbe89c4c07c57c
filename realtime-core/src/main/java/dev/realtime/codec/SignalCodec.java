package dev.realtime.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.realtime.Signal;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a signal on a topic's channel, where announcements are, too. Texts are
 * those of {@link MessageCodec}.
 *
 * <pre>
 * signal:  "signal" LF byte 1 (version) | text type | text user | text excluded session
 *          | byte 1 if there is a payload, else 0 | payload to the end
 * </pre>
 *
 * An announcement begins with three words, a signal with one. So a node that does not
 * know signals yet skips them, and says so once a minute and topic.
 */
public final class SignalCodec {

	static final byte VERSION = 1;

	private static final byte[] HEAD = { 's', 'i', 'g', 'n', 'a', 'l', '\n' };

	private SignalCodec() {
	}

	/** Whether the bytes are a signal's rather than an announcement's. */
	public static boolean isSignal(byte[] bytes) {
		return bytes.length >= HEAD.length && ByteBuffer.wrap(bytes, 0, HEAD.length).equals(ByteBuffer.wrap(HEAD));
	}

	/** What goes on the channel of the signal's topic. */
	public static byte[] bytes(Signal signal) {
		byte[][] texts = { text(signal.type()), text(signal.user()), text(signal.excludedSession()) };
		byte[] payload = bytes(signal.payload());
		int size = HEAD.length + 1 + 1 + payload.length;
		for (byte[] text : texts) {
			size += text.length;
		}
		ByteBuffer bytes = ByteBuffer.allocate(size).put(HEAD).put(VERSION);
		for (byte[] text : texts) {
			bytes.put(text);
		}
		return bytes.put((byte) ((signal.payload() != null) ? 1 : 0)).put(payload).array();
	}

	/**
	 * Reads a signal.
	 * @throws IllegalArgumentException when it is malformed or of an unknown version,
	 * saying how
	 */
	public static Signal signal(Topic topic, byte[] bytes) {
		return new BlobReader(ByteBuffer.wrap(bytes, HEAD.length, bytes.length - HEAD.length)).signal(topic);
	}

	private static byte[] text(@Nullable String text) {
		byte[] bytes = bytes(text);
		if (bytes.length >= MessageCodec.NONE) {
			throw new IllegalArgumentException(
					"A session has at most " + (MessageCodec.NONE - 1) + " bytes, not " + bytes.length);
		}
		short length = (short) ((text != null) ? bytes.length : MessageCodec.NONE);
		return ByteBuffer.allocate(2 + bytes.length).putShort(length).put(bytes).array();
	}

	private static byte[] bytes(@Nullable String text) {
		return (text != null) ? text.getBytes(StandardCharsets.UTF_8) : new byte[0];
	}

}
