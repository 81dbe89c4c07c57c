package dev.realtime.spring.stomp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.realtime.spring.Destinations;
import dev.realtime.spring.RefusedException;
import dev.realtime.stomp.MalformedFrameException;
import dev.realtime.stomp.StompDecoder;
import dev.realtime.stomp.StompFrame;
import dev.realtime.testing.fuzz.FuzzContract;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.web.socket.WebSocketHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A decoded frame is a message for Spring or a sentence for its client, and so is all
 * that its headers say to the engine.
 */
class FrameMessagesFuzzTests extends FuzzContract {

	private static final int MAX_HEADERS = 64;

	private static final int MOST_TOPICS = 3;

	private static final int MOST_SENTENCE = 700;

	private final FrameMessages messages = new FrameMessages(
			new DefaultListableBeanFactory().getBeanProvider(WebSocketHandler.class), MAX_HEADERS);

	private final PatternSubscribes patterns = new PatternSubscribes(new Destinations(() -> "/user"), MOST_TOPICS,
			() -> {
				throw new AssertionError("Not asked");
			}, Runnable::run);

	@Override
	protected List<byte[]> corpus() {
		return bytes(
				"CONNECT\naccept-version:1.0, 1.1 ,1.2\nheart-beat:10000 , 0\nlogin:ann\npasscode:secret\nrealtime:1\n\n\0",
				"CONNECT\naccept-version:1.2\nAuthorization:Bearer x\n\n\0",
				"SEND\ndestination:/app/x\ncontent-type:application/json;charset=utf-8\nid:i\nsender:x\n\n{}\0",
				"SUBSCRIBE\nid:1\ndestination:/topic/room.42\nepoch:7QX2M0A9BC\nlast-seq:12\nrewind:5\nreceipt:r\n\n\0",
				"SUBSCRIBE\nid:1\ndestination:/topic/price.*\npositions:/topic/price.a=E-1,/topic/price.%2C=F-2\n\n\0",
				"SUBSCRIBE\nid:1\ndestination:/topic/**\npositions:/topic/a%3Db=E-1\nno-wildcard:0\n\n\0",
				"SEND\ndestination:/realtime/read\ntopic:a\nepoch:E\nseq:7\n\n\0", "UNSUBSCRIBE\nid:1\n\n\0",
				"ACK\nid:1\n\n\0", "DISCONNECT\nreceipt:r\n\n\0");
	}

	@Override
	protected List<String> words() {
		return List.of("heart-beat:", "accept-version:", "content-type:", "content-type:text/plain;charset=\n",
				"content-length:0\n", "destination:/topic/", "positions:", "epoch:", "last-seq:", "rewind:", "seq:",
				"receipt:", "message-id:", "ack:auto\n", "host:", "version:", "subscription:", ",", "=", "-", "%", "*",
				"**", "\\c", "\\n", ";charset=", ";q=", "\"", "/");
	}

	@Override
	protected Object check(byte[] input) {
		List<String> behaviour = new ArrayList<>();
		StompDecoder decoder = new StompDecoder(Math.max(1, input.length), MAX_HEADERS);
		ByteBuffer piece = ByteBuffer.wrap(input);
		try {
			for (@Nullable
			StompFrame frame = decoder.next(piece); frame != null; frame = decoder.next(piece)) {
				behaviour.add(frame.command() + message(frame) + headers(FrameHeaders.of(frame)) + pattern(frame));
			}
		}
		catch (MalformedFrameException ex) {
			behaviour.add(refused(ex.sentence()));
		}
		return behaviour;
	}

	private String message(StompFrame frame) {
		Message<byte[]> message;
		try {
			message = this.messages.message(frame);
		}
		catch (MalformedFrameException ex) {
			return refused(ex.sentence());
		}
		catch (InvalidMimeTypeException ex) {
			return "type";
		}
		assertThat(message.getPayload()).isEqualTo(frame.body());
		StompHeaderAccessor accessor = StompHeaderAccessor.wrap(message);
		assertThat(accessor.getDestination()).isEqualTo(frame.header("destination"));
		if (frame.command().opens()) {
			assertThat(accessor.getHeartbeat()).hasSize(2);
		}
		assertThat(accessor.getShortLogMessage(message.getPayload())).isNotNull();
		assertThat(accessor.getDetailedLogMessage(message.getPayload())).isNotNull();
		Set<String> versions = accessor.getAcceptVersion();
		FrameHeaders headers = FrameHeaders.of(message);
		assertThat(headers.forSubscribers()).doesNotContainKeys("sender", "passcode", "destination", "receipt");
		assertThat(headers.receipt()).isEqualTo(frame.header("receipt"));
		return accessor.getMessageType() + "" + (versions != null && versions.contains("1.2"));
	}

	private static String headers(FrameHeaders headers) {
		return read(headers::resume) + read(headers::rewind) + read(headers::seq);
	}

	private String pattern(StompFrame frame) {
		String destination = frame.header("destination");
		return (destination == null || !PatternSubscribes.isPattern(destination)) ? "" : read(() -> {
			this.patterns.check(destination, FrameHeaders.of(frame), null);
			return "pattern";
		});
	}

	private static String read(Reading reading) {
		try {
			return (reading.read() != null) ? "1" : "0";
		}
		catch (RefusedException ex) {
			return refused(ex.sentence());
		}
	}

	/** Sentences go to the client, and some of them into a log. */
	private static String refused(String sentence) {
		assertThat(sentence.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(2 * MOST_SENTENCE);
		return sentence.replaceAll("(?s)\".*\"|\\d+", "");
	}

	/** Reads headers. */
	@FunctionalInterface
	private interface Reading {

		@Nullable Object read();

	}

}
