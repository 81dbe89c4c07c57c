package dev.realtime.node;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.connection.PatternOutcome;
import dev.realtime.connection.SubscribeOutcome;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.delivery.Gap;
import dev.realtime.stomp.WireFixtures;
import dev.realtime.stomp.WireFixtures.Case;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What the hub says becomes the frames of {@code docs/wire-fixtures}. */
class StompEncoderTests {

	private final StompEncoder encoder = new StompEncoder((topic) -> "/topic/" + topic, false);

	@Test
	void clientsGetTheTraceOfAMessageOnlyIfTheyAreTold() {
		String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
		Content content = Content.of(new byte[0], Content.TEXT, null, Map.of("traceparent", "the publisher's"));
		TopicMessage traced = new TopicMessage(Topic.of("room"), new Position("E1", 1), 1, null,
				content.traced(traceparent), null, 0);
		TopicMessage other = new TopicMessage(Topic.of("room"), new Position("E1", 1), 1, null, content, null, 0);
		StompEncoder telling = new StompEncoder((topic) -> "/topic/" + topic, true);
		assertThat(telling.message(traced, "s")).asString().containsOnlyOnce("\ntraceparent:" + traceparent + '\n');
		assertThat(telling.message(traced, "s")).asString().doesNotContain("publisher's");
		assertThat(telling.message(other, "s")).asString().containsOnlyOnce("\ntraceparent:the publisher's\n");
		assertThat(this.encoder.message(traced, "s")).isEqualTo(this.encoder.message(other, "s"));
	}

	@ParameterizedTest
	@MethodSource("outcomes")
	void aSubscribeIsAnsweredAsTheFixturesSay(Case fixture) {
		Map<String, @Nullable Object> headers = fixture.map("headers");
		SubscribeOutcome outcome = new SubscribeOutcome(topic(headers), position(headers, "seq"), recovery(headers),
				(int) number(headers, "replayed"));
		assertThat(this.encoder.receipt(fixture.string("receipt-id"), outcome)).asString(StandardCharsets.UTF_8)
			.isEqualTo(fixture.text());
	}

	@ParameterizedTest
	@MethodSource("gaps")
	void aGapIsAnnouncedAsTheFixturesSay(Case fixture) {
		Map<String, @Nullable Object> headers = fixture.map("headers");
		Gap gap = new Gap(text(headers, "subscription-id"), topic(headers), text(headers, "epoch"),
				number(headers, "from"), number(headers, "to"), text(headers, "reason"));
		assertThat(numbered(this.encoder.gap(gap))).isEqualTo(fixture.text());
	}

	@ParameterizedTest
	@MethodSource("patternOutcomes")
	void aSubscribeWithAWildcardIsAnsweredAsTheFixturesSay(Case fixture) {
		boolean resuming = fixture.in("resumed") != null;
		PatternOutcome outcome = new PatternOutcome(new TopicPattern(fixture.string("pattern")), resuming,
				resuming ? (int) fixture.number("resumed") : 0);
		assertThat(this.encoder.receipt(fixture.string("receipt-id"), outcome)).asString(StandardCharsets.UTF_8)
			.isEqualTo(fixture.text());
	}

	@Test
	void aGapOfAPatternIsAnnouncedAsTheFixtureSays() {
		Case fixture = WireFixtures.read("pattern.json")
			.stream()
			.filter((each) -> each.in("subscription-id") != null)
			.findFirst()
			.orElseThrow();
		assertThat(numbered(this.encoder.patternGap(fixture.string("subscription-id"),
				new TopicPattern(fixture.string("pattern")))))
			.isEqualTo(fixture.text());
	}

	@Test
	void adviceToReconnectNamesTheDelay() {
		assertThat(numbered(this.encoder.reconnect(Duration.ofMillis(1_250))))
			.isEqualTo(WireFixtures.read("reconnect.json").get(0).text());
	}

	@Test
	void newsOfTheEndOfCredentialsTellsTheTimeLeft() {
		assertThat(numbered(this.encoder.expiring(Duration.ofMinutes(1))))
			.isEqualTo(WireFixtures.read("expiring.json").get(0).text());
	}

	/** The receipts that answer a SUBSCRIBE. */
	static List<Case> outcomes() {
		return WireFixtures.read("receipt.json")
			.stream()
			.filter((fixture) -> fixture.map("headers").containsKey("replayed"))
			.toList();
	}

	static List<Case> patternOutcomes() {
		return WireFixtures.read("pattern.json")
			.stream()
			.filter((fixture) -> fixture.in("receipt-id") != null)
			.toList();
	}

	static List<Case> gaps() {
		return WireFixtures.read("gap.json");
	}

	private static Recovery recovery(Map<String, @Nullable Object> headers) {
		Object recovered = headers.get("recovered");
		if (recovered == null) {
			return Recovery.NOT_ASKED;
		}
		for (Recovery each : Recovery.values()) {
			String reason = each.reason();
			if (reason != null && reason.equals(headers.get("reason"))) {
				return each;
			}
		}
		return Recovery.RECOVERED;
	}

	private static Topic topic(Map<String, @Nullable Object> headers) {
		return Topic.of(text(headers, "topic"));
	}

	private static Position position(Map<String, @Nullable Object> headers, String seq) {
		return new Position(text(headers, "epoch"), number(headers, seq));
	}

	private static String text(Map<String, @Nullable Object> headers, String name) {
		return String.valueOf(headers.get(name));
	}

	private static long number(Map<String, @Nullable Object> headers, String name) {
		return Long.parseLong(text(headers, name));
	}

	private static String numbered(byte[] event) {
		return new String(event, StandardCharsets.UTF_8).replaceFirst("\nmessage-id:control-[0-9]+\n",
				"\nmessage-id:control-{n}\n");
	}

}
