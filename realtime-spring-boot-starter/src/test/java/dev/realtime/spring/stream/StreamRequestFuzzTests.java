package dev.realtime.spring.stream;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.stomp.StompCommand;
import dev.realtime.stomp.StompDecoder;
import dev.realtime.stomp.StompFrame;
import dev.realtime.testing.fuzz.FuzzContract;
import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.BinaryMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A query and a Last-Event-ID become a request or a sentence, and no value of theirs
 * becomes more than one header of the frames that are made of it.
 */
class StreamRequestFuzzTests extends FuzzContract {

	private static final int MOST = 5;

	private static final StreamOptions OPTIONS = new StreamOptions("/realtime", Duration.ofSeconds(15),
			Duration.ofSeconds(25), MOST, 1_024, Duration.ofSeconds(10), Duration.ofSeconds(30));

	private static final int MAX_HEADERS = 10_000;

	private static final int MOST_SENTENCE = 600;

	@Override
	protected List<byte[]> corpus() {
		return bytes("topic=room.42", "topic=a&topic=b%2Fc&position=7QX2M0A9BC-12,E-3", "topic=a\nE-9",
				"destination=%2Fuser%2Fqueue%2Fx&rewind=10&timeout=500&heartbeat=4000\n",
				"topic=a&lastEventId=E-1\n E-2 ",
				"destination=/topic/a,b&topic=%C3%A9+x&position=,E-999999999999999999",
				"destination=/app/say&id=1&type=t&x=%0A%0D%3A%5C&login=a&passcode=b",
				"topic=_presence.x&topic=_user.x.y");
	}

	@Override
	protected List<String> words() {
		return List.of("topic=", "destination=", "&", "=", "position=", "lastEventId=", "rewind=", "timeout=", "%00",
				"%0a", "%0D", "%3A", "%5C", "%", "%zz", "%C3", "%F0%9F%98%80", "+", ",", "E-1", "\n", "-", "_presence.",
				"_user.a.b");
	}

	@Override
	protected Object check(byte[] input) {
		String[] texts = text(input).split("\n", 2);
		try {
			Query query = new Query(texts[0]);
			send(query);
			return request(StreamRequest.parse(query, (texts.length > 1) ? texts[1] : null, OPTIONS));
		}
		catch (StreamRefusedException ex) {
			assertThat(ex.sentence()).hasSizeLessThan(MOST_SENTENCE);
			assertThat(isPlain(ex.sentence())).isTrue();
			return ex.sentence().replaceAll("\".*\"|\\d+", "");
		}
	}

	private static Object request(StreamRequest request) {
		List<Subscription> subscriptions = request.subscriptions();
		assertThat(subscriptions).hasSizeBetween(1, MOST);
		assertThat(request.rewind()).isBetween(0, 1_000);
		assertThat(request.timeout()).isBetween(Duration.ZERO, OPTIONS.pollTimeout());
		assertThat(request.heartbeat()).isBetween(Duration.ofSeconds(1), OPTIONS.heartbeat());
		String text = Positions.text(subscriptions);
		assertThat(Positions.parse(text, subscriptions.size()))
			.isEqualTo(subscriptions.stream().map(Subscription::position).toList());
		for (Subscription each : subscriptions) {
			StompFrame frame = frame(ClientFrames.subscribe(7, each, request.rewind()));
			assertThat(frame.command()).isEqualTo(StompCommand.SUBSCRIBE);
			assertThat(frame.header("destination")).isEqualTo(each.destination);
			assertThat(frame.header("id")).isEqualTo("7");
			assertThat(frame.headerCount()).isBetween(4, 6);
		}
		return List.of(subscriptions.size(), text.replaceAll("\\w+", "x"), request.rewind() > 0);
	}

	/** A query names the headers of a SEND, too. */
	private static void send(Query query) {
		Map<String, String> headers = new LinkedHashMap<>(query.firsts());
		headers.put("receipt", "sent");
		headers.remove("content-length");
		StompFrame frame = frame(ClientFrames.send(headers, new byte[] { 0, '\n' }));
		assertThat(frame.command()).isEqualTo(StompCommand.SEND);
		headers.forEach((name, value) -> assertThat(frame.header(name)).as(name).isEqualTo(value));
		assertThat(frame.headerCount()).isEqualTo(headers.size() + 1);
		assertThat(frame.body()).isEqualTo(new byte[] { 0, '\n' });
	}

	private static StompFrame frame(BinaryMessage message) {
		ByteBuffer bytes = message.getPayload();
		@Nullable StompFrame frame = new StompDecoder(bytes.remaining(), MAX_HEADERS).next(bytes);
		if (frame == null || bytes.hasRemaining()) {
			throw new AssertionError("Not one whole frame");
		}
		return frame;
	}

}
