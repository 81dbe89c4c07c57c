package dev.realtime.stomp;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.stomp.WireFixtures.Case;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The frames are, byte for byte, those that clients' tests read. */
class WireFixtureTests {

	@ParameterizedTest
	@MethodSource("messages")
	void messagesAreWrittenAsTheFixturesSay(Case fixture) {
		TopicMessage message = new TopicMessage(Topic.of(fixture.string("topic")),
				new Position(fixture.string("epoch"), fixture.number("seq")), fixture.number("timestamp"),
				(String) fixture.in("id"), content(fixture), null, 0);
		assertThat(StompFrames.message(message, fixture.string("destination"), fixture.string("subscription")))
			.asString(StandardCharsets.UTF_8)
			.isEqualTo(fixture.text());
	}

	@ParameterizedTest
	@MethodSource("receipts")
	void receiptsAreWrittenAsTheFixturesSay(Case fixture) {
		assertThat(StompFrames.receipt(fixture.string("receipt-id"), fixture.map("headers")))
			.asString(StandardCharsets.UTF_8)
			.isEqualTo(fixture.text());
	}

	@ParameterizedTest
	@MethodSource("gaps")
	void gapsAreWrittenAsTheFixturesSay(Case fixture) {
		assertThat(numbered(StompFrames.control("gap", fixture.map("headers")))).isEqualTo(fixture.text());
	}

	@ParameterizedTest
	@MethodSource("denials")
	void denialsAreWrittenAsTheFixturesSay(Case fixture) {
		byte[] denied = StompFrames.denied(fixture.string("reason"), fixture.string("message"),
				(String) fixture.in("receipt-id"), (String) fixture.in("subscription-id"),
				(String) fixture.in("refused-destination"));
		assertThat(numbered(denied)).isEqualTo(fixture.text());
	}

	@ParameterizedTest
	@MethodSource("errors")
	void errorsAreWrittenAsTheFixturesSay(Case fixture) {
		assertThat(StompFrames.error(fixture.string("message"), (String) fixture.in("receipt-id")))
			.asString(StandardCharsets.UTF_8)
			.isEqualTo(fixture.text());
	}

	@ParameterizedTest
	@MethodSource("signals")
	void signalsAreWrittenAsTheFixturesSay(Case fixture) {
		Signal signal = new Signal(Topic.of(fixture.string("topic")), fixture.string("type"),
				(String) fixture.in("user"), (String) fixture.in("payload"), null);
		assertThat(numbered(StompFrames.signal(signal, fixture.string("subscription-id")))).isEqualTo(fixture.text());
	}

	static List<Case> signals() {
		return WireFixtures.read("signal.json");
	}

	static List<Case> messages() {
		return WireFixtures.read("message.json");
	}

	static List<Case> receipts() {
		return WireFixtures.read("receipt.json");
	}

	static List<Case> gaps() {
		return WireFixtures.read("gap.json");
	}

	static List<Case> denials() {
		return WireFixtures.read("denied.json");
	}

	static List<Case> errors() {
		return WireFixtures.read("error.json");
	}

	private static Content content(Case fixture) {
		Map<String, String> headers = new LinkedHashMap<>();
		fixture.map("headers").forEach((name, value) -> headers.put(name, String.valueOf(value)));
		@Nullable String type = (String) fixture.in("type");
		return Content.of(fixture.string("payload").getBytes(StandardCharsets.UTF_8), fixture.string("content-type"),
				type, headers);
	}

	/** Control events are counted; fixtures write {@code {n}} for the count. */
	private static String numbered(byte[] event) {
		return new String(event, StandardCharsets.UTF_8).replaceFirst("\nmessage-id:control-[0-9]+\n",
				"\nmessage-id:control-{n}\n");
	}

}
