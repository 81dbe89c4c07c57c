package dev.realtime.region;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.broker.NumberedRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LettersTests {

	private static final Topic TOPIC = Topic.of("räume/1");

	static Stream<Letter> letters() {
		Publication publication = new Publication(TOPIC, Content.text("hé"), "id-1", "session", Duration.ofSeconds(9),
				"ann", "scope", true);
		return Stream.of(new Letter.Stored(message(4)),
				new Letter.Page(TOPIC, new NumberedRun("E1", 3, 9, List.of(message(4), message(7)), "E0", true),
						new Position("E1", 12)),
				new Letter.Heads(List.of(TOPIC, Topic.of("b")), List.of(new Position("E1", 1), new Position("E2", 2))),
				new Letter.Forwarded("us", "L", 7, 99, "key", publication),
				new Letter.PageWanted(TOPIC, new Position("E1", 3)), new Letter.HeadsWanted(),
				new Letter.Published("L", 7, new Position("E1", 3), 5, true, false),
				new Letter.Failed("L", 7, null, true), new Letter.Beat("eu"));
	}

	@ParameterizedTest
	@MethodSource("letters")
	void aLetterThatIsReadIsTheOneThatWasWritten(Letter letter) {
		assertThat(Letters.read(Letters.write(letter))).usingRecursiveComparison().isEqualTo(letter);
	}

	@ParameterizedTest
	@MethodSource("letters")
	void aLetterThatIsCutOrChangedIsRefusedOrAnotherLetter(Letter letter) {
		byte[] bytes = Letters.write(letter);
		for (int length = 0; length < bytes.length; length++) {
			byte[] cut = Arrays.copyOf(bytes, length);
			if (!(letter instanceof Letter.Stored || letter instanceof Letter.Forwarded)) {
				assertThatIllegalArgumentException().isThrownBy(() -> Letters.read(cut));
			}
			else {
				readOrRefuse(cut);
			}
		}
		Random random = new Random(42);
		for (int i = 0; i < 2_000; i++) {
			byte[] changed = bytes.clone();
			changed[random.nextInt(changed.length)] = (byte) random.nextInt();
			readOrRefuse(changed);
		}
	}

	@Test
	void aRunWhoseNumbersDoNotRiseIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new NumberedRun("E1", 3, 9, List.of(message(4), message(4)), "", false));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new NumberedRun("E1", 3, 3, List.of(message(4)), "", false));
	}

	private static void readOrRefuse(byte[] bytes) {
		try {
			assertThat(Letters.read(bytes)).isNotNull();
		}
		catch (IllegalArgumentException ex) {
			assertThat(ex.getMessage()).isNotBlank();
		}
	}

	private static TopicMessage message(long seq) {
		return new TopicMessage(TOPIC, new Position("E1", seq), 1_000 + seq, "id-" + seq, Content.text("m" + seq), null,
				9_999);
	}

}
