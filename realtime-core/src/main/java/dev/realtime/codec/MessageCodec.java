package dev.realtime.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a message in the log and on the channels. Numbers are big-endian; a text
 * is its length in two bytes and its UTF-8 bytes, {@code FFFF} for none.
 *
 * <pre>
 * blob:          byte 1 (version) | long time to live, ms, 0 = none | text id | text type
 *                | text content type | text excluded session | short number of headers
 *                | (text name, text value)… | payload to the end
 * announcement:  "epoch seq timestamp" LF blob
 * </pre>
 */
public final class MessageCodec {

	/** Longest blob that is written or read, in bytes. */
	public static final int MAX_BLOB = 16 << 20;

	static final byte VERSION = 1;

	static final int MAX_HEADERS = 256;

	static final int NONE = 0xFFFF;

	/** Version, time to live, four lengths, number of headers. */
	private static final int FIXED = 1 + 8 + 4 * 2 + 2;

	private MessageCodec() {
	}

	/**
	 * The blob of what is to be published.
	 * @throws IllegalArgumentException when a part is longer than the format allows
	 */
	public static byte[] blob(Publication publication) {
		Duration timeToLive = publication.timeToLive();
		return blob(publication.content(), publication.id(), publication.excludedSession(),
				(timeToLive != null) ? timeToLive.toMillis() : 0);
	}

	/** The blob of a message that has its number. */
	public static byte[] blob(TopicMessage message) {
		return blob(message.content(), message.id(), message.excludedSession(), timeToLive(message));
	}

	/** The message's time to live in ms, or 0. */
	public static long timeToLive(TopicMessage message) {
		return (message.expiresAt() != 0) ? Math.max(1, message.expiresAt() - message.timestamp()) : 0;
	}

	/** The announcement of a message that has its number. */
	public static byte[] announcement(TopicMessage message) {
		byte[] blob = blob(message);
		byte[] head = (message.position().epoch() + ' ' + message.seq() + ' ' + message.timestamp() + '\n')
			.getBytes(StandardCharsets.UTF_8);
		return ByteBuffer.allocate(head.length + blob.length).put(head).put(blob).array();
	}

	/**
	 * Reads a blob.
	 * @throws IllegalArgumentException when it is malformed, saying how
	 */
	public static TopicMessage message(Topic topic, Position position, long timestamp, byte[] blob) {
		return new BlobReader(ByteBuffer.wrap(blob)).message(topic, position, timestamp);
	}

	/**
	 * Reads an announcement.
	 * @throws IllegalArgumentException when it is malformed, saying how
	 */
	public static TopicMessage announced(Topic topic, byte[] bytes) {
		int end = 0;
		while (end < bytes.length && bytes[end] != '\n') {
			if (++end > 100) {
				throw new IllegalArgumentException("an announcement begins with a short line");
			}
		}
		String[] words = new String(bytes, 0, end, StandardCharsets.US_ASCII).split(" ", -1);
		if (end == bytes.length || words.length != 3) {
			throw new IllegalArgumentException("an announcement begins with epoch, seq and timestamp");
		}
		Position position = new Position(words[0], Long.parseLong(words[1]));
		return new BlobReader(ByteBuffer.wrap(bytes, end + 1, bytes.length - end - 1)).message(topic, position,
				Long.parseLong(words[2]));
	}

	private static byte[] blob(Content content, @Nullable String id, @Nullable String excludedSession,
			long timeToLive) {
		Map<String, String> headers = content.storedHeaders();
		if (headers.size() > MAX_HEADERS) {
			throw new IllegalArgumentException(
					"A message has at most " + MAX_HEADERS + " headers, not " + headers.size());
		}
		byte[][] texts = new byte[4 + 2 * headers.size()][];
		texts[0] = bytes(id);
		texts[1] = bytes(content.type());
		texts[2] = bytes(content.contentType());
		texts[3] = bytes(excludedSession);
		int next = 4;
		for (Map.Entry<String, String> header : headers.entrySet()) {
			texts[next++] = bytes(header.getKey());
			texts[next++] = bytes(header.getValue());
		}
		return write(texts, headers.size(), content, timeToLive);
	}

	private static byte[] write(byte[][] texts, int headers, Content content, long timeToLive) {
		long size = FIXED + 4L * headers + content.size();
		for (byte[] text : texts) {
			size += text.length;
		}
		if (size > MAX_BLOB) {
			throw new IllegalArgumentException("A message has at most " + MAX_BLOB + " bytes, not " + size);
		}
		ByteBuffer blob = ByteBuffer.allocate((int) size).put(VERSION).putLong(timeToLive);
		for (int i = 0; i < texts.length; i++) {
			if (i == 4) {
				blob.putShort((short) headers);
			}
			blob.putShort((short) ((texts[i] == ABSENT) ? NONE : texts[i].length)).put(texts[i]);
		}
		if (headers == 0) {
			blob.putShort((short) 0);
		}
		return blob.put(content.payload()).array();
	}

	private static final byte[] ABSENT = new byte[0];

	private static byte[] bytes(@Nullable String text) {
		if (text == null) {
			return ABSENT;
		}
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		if (bytes.length >= NONE) {
			throw new IllegalArgumentException(
					"A header, id, type or session has at most " + (NONE - 1) + " bytes, not " + bytes.length);
		}
		return bytes;
	}

}
