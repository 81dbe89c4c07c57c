package dev.realtime.redis;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.realtime.Topic;
import dev.realtime.testing.OddNames;
import io.lettuce.core.cluster.SlotHash;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RedisKeysTests {

	private final RedisKeys keys = new RedisKeys("rt");

	@Test
	void plainNamesStandInKeysAsTheyAre() {
		assertThat(text(this.keys.log(Topic.of("room.42")))).isEqualTo("rt:{room.42}:l");
		assertThat(text(this.keys.channel(Topic.of("room/42 é")))).isEqualTo("rt:{room/42 é}");
		assertThat(text(this.keys.channel(Topic.of("}100%{")))).isEqualTo("rt:{%7D100%25%7B}");
	}

	@Test
	void noTwoTopicsShareAKeyWhateverTheIdIs() {
		assertThat(this.keys.idempotency(Topic.of("a"), "x}:n")).isNotEqualTo(this.keys.numbering(Topic.of("a}:i:x")));
		assertThat(this.keys.channel(Topic.of("a}:n"))).isNotEqualTo(this.keys.of(Topic.of("a"), ":n}"));
		Set<String> channels = new HashSet<>();
		OddNames.topics("x").forEach((topic) -> assertThat(channels.add(text(this.keys.channel(topic)))).isTrue());
	}

	@Test
	void allKeysOfATopicLieInOneSlot() {
		for (Topic topic : OddNames.topics("x")) {
			assertThat(List.of(this.keys.log(topic), this.keys.numbering(topic), this.keys.idempotency(topic, "{b}"),
					this.keys.of(topic, ":p:users")))
				.extracting(SlotHash::getSlot)
				.containsOnly(SlotHash.getSlot(this.keys.channel(topic)));
		}
	}

	private static String text(byte[] key) {
		return new String(key, StandardCharsets.UTF_8);
	}

}
