package dev.realtime.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;

/**
 * Reads one blob of {@link MessageCodec} or {@link SignalCodec}, strictly; for one use.
 */
final class BlobReader {

	private final ByteBuffer bytes;

	BlobReader(ByteBuffer bytes) {
		this.bytes = bytes;
	}

	TopicMessage message(Topic topic, Position position, long timestamp) {
		check(this.bytes.remaining() <= MessageCodec.MAX_BLOB, "it is too long");
		need(1 + 8);
		byte version = this.bytes.get();
		check(version == MessageCodec.VERSION, "its version " + version + " is unknown");
		long timeToLive = this.bytes.getLong();
		check(timeToLive >= 0, "its time to live is negative");
		String id = optional();
		String type = optional();
		String contentType = text();
		String excludedSession = optional();
		Map<String, String> headers = headers();
		byte[] payload = new byte[this.bytes.remaining()];
		this.bytes.get(payload);
		long expiresAt = (timeToLive != 0) ? timestamp + timeToLive : 0;
		return new TopicMessage(topic, position, timestamp, id, Content.of(payload, contentType, type, headers),
				excludedSession, expiresAt);
	}

	Signal signal(Topic topic) {
		need(1);
		byte version = this.bytes.get();
		check(version == SignalCodec.VERSION, "the version " + version + " of signals is unknown");
		String type = text();
		String user = optional();
		String excludedSession = optional();
		need(1);
		boolean hasPayload = this.bytes.get() != 0;
		check(this.bytes.remaining() <= 4 * Signal.MAX_PAYLOAD_LENGTH, "it is too long");
		String payload = hasPayload ? utf8(this.bytes) : null;
		return new Signal(topic, type, user, payload, excludedSession);
	}

	private Map<String, String> headers() {
		int count = length();
		check(count <= MessageCodec.MAX_HEADERS, "it has " + count + " headers");
		if (count == 0) {
			return Map.of();
		}
		Map<String, String> headers = new LinkedHashMap<>();
		for (int i = 0; i < count; i++) {
			headers.put(text(), text());
		}
		return headers;
	}

	private String text() {
		String text = optional();
		if (text == null) {
			throw new IllegalArgumentException("a text is missing");
		}
		return text;
	}

	private @Nullable String optional() {
		int length = length();
		if (length == MessageCodec.NONE) {
			return null;
		}
		need(length);
		ByteBuffer part = this.bytes.slice(this.bytes.position(), length);
		this.bytes.position(this.bytes.position() + length);
		return utf8(part);
	}

	private static String utf8(ByteBuffer part) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(part).toString();
		}
		catch (CharacterCodingException ex) {
			throw new IllegalArgumentException("a text is not UTF-8", ex);
		}
	}

	private int length() {
		need(2);
		return Short.toUnsignedInt(this.bytes.getShort());
	}

	private void need(int count) {
		check(this.bytes.remaining() >= count, "it ends too early");
	}

	private static void check(boolean legal, String why) {
		if (!legal) {
			throw new IllegalArgumentException(why);
		}
	}

}
