package dev.realtime.spring.stream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a stream's client is told, and what it has then. */
class StreamEventsTests {

	private final List<Subscription> subscriptions = new ArrayList<>();

	private final StreamEvents events = new StreamEvents(this.subscriptions);

	@Test
	void aRecoveringClientHasNoMoreThanBeforeUntilTheMessagesCome() {
		this.subscriptions.add(Subscription.topic("a", new Position("E", 3)));
		assertThat(write(receipt("0", "seq", "5", "replayed", "2", "recovered", "true"))).isEqualTo("""
				event: subscribed
				id: E-3
				data: {"topic":"a","epoch":"E","seq":5,"recovered":true,"replayed":2}

				""");
		assertThat(this.events.areSettled()).isFalse();
		assertThat(write(message("a", 4, "x", "0"))).contains("\nid: E-4\n".substring(1)).contains("\"seq\":4");
		assertThat(this.events.areSettled()).isTrue();
	}

	@Test
	void aClientThatCannotRecoverGoesOnWhereLiveStarts() {
		this.subscriptions.add(Subscription.topic("a", new Position("E", 3)));
		assertThat(write(receipt("0", "seq", "9", "replayed", "0", "recovered", "false", "reason", "expired")))
			.contains("id: E-9\n")
			.contains("\"recovered\":false,\"replayed\":0,\"reason\":\"expired\"");
	}

	@Test
	void aClientThatStartsInThePastHasNothingUntilAMessageComes() {
		this.subscriptions.add(Subscription.topic("a", null));
		assertThat(write(receipt("0", "seq", "9", "replayed", "2"))).contains("id: \n");
		assertThat(write(message("a", 8, "x", "0"))).contains("id: E-8\n");
	}

	@Test
	void aGapMovesThePositionOfItsSubscriptionAlone() {
		this.subscriptions.add(Subscription.topic("a", new Position("E", 3)));
		this.subscriptions.add(Subscription.destination("/topic/b", new Position("F", 1)));
		assertThat(write(StompFrames.control("gap", headers("subscription-id", "0", "topic", "a", "epoch", "E", "from",
				"4", "to", "7", "reason", "overflow"))))
			.isEqualTo("""
					event: gap
					id: E-7,F-1
					data: {"topic":"a","epoch":"E","from":4,"to":7,"reason":"overflow"}

					""");
	}

	@Test
	void whatIsNotNumberedHasNoIdWhateverItsHeadersSay() {
		this.subscriptions.add(Subscription.destination("/user/queue/a", null));
		String frame = "MESSAGE\nsubscription:0\nmessage-id:s-1\nepoch:E\nseq:99\ncontent-type:text/plain\n\nhi\0";
		assertThat(write(frame.getBytes(StandardCharsets.UTF_8))).isEqualTo("""
				data: {"destination":"/user/queue/a","headers":{},"contentType":"text/plain","payload":"hi"}

				""");
	}

	@Test
	void aSignalHasNoIdAndItsPayloadIsJson() {
		Map<String, @Nullable Object> headers = headers("subscription-id", "0", "topic", "a", "type", "typing", "user",
				"ann");
		String frame = new String(StompFrames.control("signal", headers), StandardCharsets.UTF_8)
			.replace("content-length:0", "content-length:15")
			.replace("\n\n\0", "\n\n{\"typing\":true}\0");
		this.subscriptions.add(Subscription.topic("a", null));
		assertThat(write(frame.getBytes(StandardCharsets.UTF_8))).isEqualTo("""
				event: signal
				data: {"topic":"a","type":"typing","user":"ann","payload":{"typing":true}}

				""");
	}

	@Test
	void aRefusalNamesItsSubscription() {
		this.subscriptions.add(Subscription.destination("/topic/b", null));
		assertThat(write(StompFrames.denied("refused", "No \n\nevent: x", "0", "0", "/topic/b"))).isEqualTo("""
				event: denied
				data: {"destination":"/topic/b","reason":"refused","message":"No \\u000a\\u000aevent: x"}

				""");
		assertThat(this.events.areSettled()).isTrue();
	}

	@Test
	void aNodeThatLeavesSaysWhenToComeBackAndNeverAtOnce() {
		assertThat(write(StompFrames.control("reconnect", headers("after-ms", "0")))).isEqualTo("""
				retry: 1000
				event: reconnect
				data: {"afterMs":0}

				""");
	}

	@Test
	void eventsAndFramesThatNobodyKnowsAreLeftOut() {
		this.subscriptions.add(Subscription.topic("a", null));
		assertThat(write(StompFrames.control("new-thing", headers()))).isEmpty();
		assertThat(write(StompFrames.heartbeat())).isEmpty();
		assertThat(write(message("a", 1, "x", "1"))).isEmpty();
		assertThat(write(message("a", 1, "x", "of somebody"))).isEmpty();
	}

	@Test
	void aFramesEscapesAreUndone() {
		ServerFrame frame = ServerFrame.parse("MESSAGE\r\na\\cb:1\\n2\\r3\\\\4\na\\cb:again\ncontent-length:3\n\nx\0y\0"
			.getBytes(StandardCharsets.UTF_8));
		assertThat(frame.headers()).containsEntry("a:b", "1\n2\r3\\4");
		assertThat(StandardCharsets.UTF_8.decode(frame.body()).toString()).isEqualTo("x\0y");
	}

	private String write(byte[] bytes) {
		ServerFrame frame = ServerFrame.parse(bytes);
		StreamEvent event = this.events.of(frame);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		if (event != null) {
			this.events.written(event, frame);
			EventWriter.event(out, event, event.positioned() ? this.events.position() : null);
		}
		return out.toString(StandardCharsets.UTF_8);
	}

	private static byte[] receipt(String id, String... more) {
		Map<String, @Nullable Object> headers = headers("topic", "a", "epoch", "E");
		headers.putAll(headers(more));
		return StompFrames.receipt(id, headers);
	}

	private static byte[] message(String topic, long seq, String text, String subscription) {
		TopicMessage message = new TopicMessage(Topic.of(topic), new Position("E", seq), 1_000, null,
				Content.text(text), null, 0);
		return StompFrames.message(message, "/topic/" + topic, subscription);
	}

	private static Map<String, @Nullable Object> headers(String... pairs) {
		Map<String, @Nullable Object> headers = new LinkedHashMap<>();
		for (int i = 0; i < pairs.length; i += 2) {
			headers.put(pairs[i], pairs[i + 1]);
		}
		return headers;
	}

}
