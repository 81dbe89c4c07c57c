package dev.realtime.spring.pipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How a text is cut into pieces, and when it is published once more. */
class GrowingTextTests {

	private static final String SMILE = "\uD83D\uDE00";

	@Test
	void piecesAreAsLongAsAllowedAndNoLonger() {
		GrowingText text = new GrowingText(4, 100, 300);
		assertThat(text.append("Hello world")).isTrue();
		assertThat(pieces(text, true)).containsExactly("Hell", "o wo", "rld");
		assertThat(text.published()).isEqualTo(11);
	}

	@Test
	void aCharacterOfTwoHalvesIsNotCut() {
		GrowingText text = new GrowingText(2, 100, 300);
		assertThat(text.append("a" + SMILE + "b" + SMILE)).isTrue();
		assertThat(pieces(text, true)).containsExactly("a", SMILE, "b", SMILE);
	}

	@Test
	void halfACharacterWaitsForItsOtherHalf() {
		GrowingText text = new GrowingText(10, 100, 300);
		assertThat(text.append("a" + SMILE.charAt(0))).isTrue();
		assertThat(pieces(text, false)).containsExactly("a");
		assertThat(text.append(SMILE.substring(1))).isTrue();
		assertThat(pieces(text, false)).containsExactly(SMILE);
		assertThat(text.append("b" + SMILE.charAt(0))).isTrue();
		assertThat(pieces(text, true)).containsExactly("b" + SMILE.charAt(0));
	}

	@Test
	void rule8_theTextIsCutOffAtItsBound() {
		GrowingText text = new GrowingText(10, 4, 300);
		assertThat(text.append("abc")).isTrue();
		assertThat(text.append(SMILE)).isFalse();
		assertThat(pieces(text, true)).containsExactly("abc");
		GrowingText other = new GrowingText(10, 4, 300);
		assertThat(other.append("abcdef")).isFalse();
		assertThat(other.append("g")).isFalse();
		assertThat(pieces(other, true)).containsExactly("abcd");
	}

	@Test
	void theWholeTextIsPublishedOnceMoreFromTimeToTime() {
		GrowingText text = new GrowingText(8, 100, 5);
		List<String> published = new ArrayList<>();
		for (char each : "abcdefghijkl".toCharArray()) {
			assertThat(text.append(String.valueOf(each))).isTrue();
			published.addAll(pieces(text, false));
		}
		assertThat(published).containsExactly("a", "b", "c", "d", "e", "abcde", "f", "g", "h", "i", "j", "k", "l",
				"abcdefgh", "ijkl");
	}

	@Test
	void whoeverReadsFromAnyMessageOnHasTheTextInTheEnd() {
		for (long seed = 0; seed < 200; seed++) {
			Random random = new Random(seed);
			GrowingText text = new GrowingText(50 + random.nextInt(50), 1_000, 1 + random.nextInt(20));
			StringBuilder whole = new StringBuilder();
			List<String> readers = new ArrayList<>();
			int messages = 0;
			for (int i = 0; i < 200; i++) {
				String more = random.nextBoolean() ? SMILE : "x".repeat(random.nextInt(5));
				whole.append(more);
				assertThat(text.append(more)).isTrue();
				while (text.isRepeating() || text.hasMore(false)) {
					int offset = text.offset();
					String piece = text.piece(false);
					assertThat(piece).isNotEmpty();
					text.published(piece.length());
					readers.add("");
					readers.replaceAll((read) -> read(read, offset, piece));
					messages++;
				}
			}
			assertThat(readers.get(0)).as("seed " + seed).isEqualTo(whole.toString());
			// the first half of all readers came early enough for a repetition
			assertThat(readers.subList(0, messages / 2)).as("seed " + seed).containsOnly(whole.toString());
		}
	}

	/** As {@code docs/protocol.md} says. */
	static String read(String text, int offset, String piece) {
		return (offset > text.length() || offset + piece.length() <= text.length()) ? text
				: text + piece.substring(text.length() - offset);
	}

	private static List<String> pieces(GrowingText text, boolean complete) {
		List<String> pieces = new ArrayList<>();
		while (text.isRepeating() || text.hasMore(complete)) {
			String piece = text.piece(complete);
			pieces.add(piece);
			text.published(piece.length());
		}
		return pieces;
	}

}
