package dev.realtime.spring.stream;

import java.time.Duration;

import dev.realtime.Position;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StreamRequestTests {

	private static final StreamOptions OPTIONS = new StreamOptions("/realtime", Duration.ofSeconds(15),
			Duration.ofSeconds(25), 3, 1_024, Duration.ofSeconds(10), Duration.ofSeconds(30));

	@Test
	void topicsComeBeforeDestinationsAndEachHasItsPieceOfThePosition() {
		StreamRequest request = parse("destination=/user/queue/a&topic=b&topic=c%2Ed&position=E-1,,F-22", null);
		assertThat(request.subscriptions()).extracting((each) -> each.destination)
			.containsExactly("/topic/b", "/topic/c.d", "/user/queue/a");
		assertThat(request.subscriptions()).extracting(Subscription::position)
			.containsExactly(new Position("E", 1), null, new Position("F", 22));
		assertThat(Positions.text(request.subscriptions())).isEqualTo("E-1,,F-22");
	}

	@Test
	void whatTheBrowserRemembersWinsOverTheAddress() {
		String query = "topic=a&position=E-1";
		assertThat(Positions.text(parse(query, "E-9").subscriptions())).isEqualTo("E-9");
		assertThat(Positions.text(parse(query + "&lastEventId=E-5", "").subscriptions())).isEqualTo("E-5");
		assertThat(Positions.text(parse(query, " ").subscriptions())).isEqualTo("E-1");
	}

	@Test
	void aTimeoutShortensThePollAndNeverLengthensIt() {
		assertThat(parse("topic=a", null).timeout()).hasSeconds(25);
		assertThat(parse("topic=a&timeout=500", null).timeout()).hasMillis(500);
		assertThat(parse("topic=a&timeout=60000", null).timeout()).hasSeconds(25);
	}

	@Test
	void aClientMayWantHeartbeatsSoonerButNotLaterAndNotAllTheTime() {
		assertThat(parse("topic=a", null).heartbeat()).hasSeconds(15);
		assertThat(parse("topic=a&heartbeat=4000", null).heartbeat()).hasSeconds(4);
		assertThat(parse("topic=a&heartbeat=60000", null).heartbeat()).hasSeconds(15);
		assertThat(parse("topic=a&heartbeat=0", null).heartbeat()).hasSeconds(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "topic=", "rewind=5", "topic=a&topic=b&topic=c&topic=d", "topic=a&position=E-1,E-2",
			"topic=a&topic=b&position=E-1", "topic=a&position=E", "topic=a&position=E-", "topic=a&position=-1",
			"topic=a&position=E_-1", "topic=a&position=E--1", "topic=a&position=E-1x",
			"topic=a&position=E-9999999999999999999", "topic=%zz", "topic=a%00", "topic=a&rewind=x",
			"topic=a&timeout=-1", "topic=a&heartbeat=x" })
	void whatIsMalformedIsRefusedWithASentence(String query) {
		assertThatExceptionOfType(StreamRefusedException.class).isThrownBy(() -> parse(query, null))
			.satisfies((ex) -> assertThat(ex.getMessage()).isNotBlank());
	}

	private static StreamRequest parse(String query, @Nullable String lastEventId) {
		return StreamRequest.parse(new Query(query), lastEventId, OPTIONS);
	}

}
