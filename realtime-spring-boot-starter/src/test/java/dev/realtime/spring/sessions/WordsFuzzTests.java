package dev.realtime.spring.sessions;

import java.util.List;

import dev.realtime.testing.fuzz.FuzzContract;

import static org.assertj.core.api.Assertions.assertThat;

/** What another node says about its sessions is read as it was written, or refused. */
class WordsFuzzTests extends FuzzContract {

	@Override
	protected List<byte[]> corpus() {
		return bytes(Words.text(List.of("1", "ann", "", "", "room.*", "10")), Words.text(List.of("a:b", "é", "😀\n")),
				"", "2147483647:x", "-1:", "+1:x", "1:", ":");
	}

	@Override
	protected List<String> words() {
		return List.of("0:", "1:", "2:", ":", "9:", "10:2147483647", "-", "+", "٣:");
	}

	@Override
	protected Object check(byte[] input) {
		String text = text(input);
		List<String> words;
		try {
			words = Words.of(text, 1);
		}
		catch (IllegalArgumentException ex) {
			words = List.of(text.split("\n", -1));
			assertThat(Words.of(Words.text(words), words.size())).isEqualTo(words);
			return "refused";
		}
		assertThat(Words.of(Words.text(words), words.size())).isEqualTo(words);
		return words.size();
	}

}
