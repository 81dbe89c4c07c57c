package dev.realtime.codec;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.testing.fuzz.FuzzContract;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What comes on a channel is a message, a signal or refused, and is written as it was
 * read.
 */
class MessageCodecFuzzTests extends FuzzContract {

	private static final Topic TOPIC = Topic.of("room");

	@Override
	protected List<byte[]> corpus() {
		Content content = Content.of("{\"a\":1}".getBytes(StandardCharsets.UTF_8), Content.JSON, "post",
				Map.of("x", "é", "y", ""));
		Position position = new Position("7QX2M0A9BC", 12);
		return List.of(
				MessageCodec.announcement(new TopicMessage(TOPIC, position, 1_000, "id", content, "session", 5_000)),
				MessageCodec.announcement(new TopicMessage(TOPIC, position, 1_000, null, Content.text(""), null, 0)),
				SignalCodec.bytes(new Signal(TOPIC, "typing", "ann", "{\"typing\":true}", "session")),
				SignalCodec.bytes(new Signal(TOPIC, "typing", null, null, null)));
	}

	@Override
	protected List<String> words() {
		return List.of("signal\n", "E 1 1\n", "\0\1", "\0\0", "\uFFFF");
	}

	@Override
	protected Object check(byte[] input) {
		try {
			return SignalCodec.isSignal(input) ? signal(input) : message(input);
		}
		catch (IllegalArgumentException ex) {
			return String.valueOf(ex.getMessage()).replaceAll("\\d+", "");
		}
	}

	private static Object signal(byte[] input) {
		Signal signal = SignalCodec.signal(TOPIC, input);
		assertThat(SignalCodec.signal(TOPIC, SignalCodec.bytes(signal))).isEqualTo(signal);
		return (signal.user() != null) + "" + (signal.payload() != null);
	}

	private static Object message(byte[] input) {
		TopicMessage message = MessageCodec.announced(TOPIC, input);
		TopicMessage again = MessageCodec.announced(TOPIC, MessageCodec.announcement(message));
		assertThat(shown(again)).isEqualTo(shown(message));
		return message.content().headers().size() + "" + (message.id() != null) + (message.expiresAt() != 0);
	}

	private static String shown(TopicMessage message) {
		Content content = message.content();
		return message.position() + " " + message.timestamp() + ' ' + message.id() + ' ' + content.contentType() + ' '
				+ content.type() + content.headers() + message.excludedSession() + ' ' + content.text() + ' '
				+ Duration.ofMillis(message.expiresAt());
	}

}
