package dev.realtime;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TopicPatternTests {

	@ParameterizedTest
	@CsvSource({ "room.*, room.42, true", "room.*, room.42.notes, false", "room.*, room/42, false",
			"room.*, room., false", "room.*, room.a/b, true", "room.**, room.42.notes, true", "room.**, room, false",
			"room.**, room/42, false", "room.*.cursors, room.42.cursors, true", "room/*, room/42, true",
			"room/*, room/42/notes, false", "room/*, room.42, false", "user/*, user/ann@example.com, true",
			"room/*/cursors, room/4.2/cursors, true", "room/**, room/42/notes, true", "*, lobby, true",
			"*, room.42, false", "*, room/42, false", "**, room/42.a, true", "**, _user.ann.queue.x, true",
			"_user.**, _user.ann.queue.x, true", "_user.**, __user.ann.queue.x, false",
			"_user.*.queue.x, _user.ann.queue.x, true", "_presence.**, _presence.room/42, true",
			"Zürich/*, Zürich/1, true" })
	void hasTheSeparatorThatItIsWrittenWith(String pattern, String name, boolean matches) {
		assertThat(new TopicPattern(pattern).matches(Topic.of(name))).isEqualTo(matches);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "room*", "room.**.x", "*x/y", "price:*", "a/**b", "room.***", "a\nb.*" })
	void hasWildcardsForWholeSegmentsOnly(String pattern) {
		assertThatExceptionOfType(IllegalTopicException.class).isThrownBy(() -> new TopicPattern(pattern));
	}

	@ParameterizedTest
	@CsvSource({ "room.*, room.42, true", "room.*, *.42, true", "room.*, room.42.**, true", "room.*, news.*, false",
			"**, _user.ann.queue.x, true", "room.4, room.42, false", "room.**, room.42.notes, true",
			"a.*.b, a.x.c, false", "room/*, room.42, false" })
	void overlapsEveryPatternThatATopicOfItsOwnFits(String one, String other, boolean overlaps) {
		assertThat(new TopicPattern(one).overlaps(new TopicPattern(other))).isEqualTo(overlaps);
		assertThat(new TopicPattern(other).overlaps(new TopicPattern(one))).isEqualTo(overlaps);
	}

}
