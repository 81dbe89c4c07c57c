package dev.realtime.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.partition.Partitions;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.testing.OddNames;
import io.lettuce.core.cluster.SlotHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RedisKeysTests {

	private final RedisKeys keys = new RedisKeys("rt");

	@Test
	void namesStandInKeysAsTheyAreUnlessSomethingFollows() {
		assertThat(text(this.keys.log(Topic.of("room.42")))).isEqualTo("rt:{111.6r6}:l:room.42");
		assertThat(text(this.keys.channel(Topic.of("price:€")))).isEqualTo("rt:{91.edw}:c:price:€");
		assertThat(text(this.keys.idempotency(Topic.of("price:€"), "a:b"))).isEqualTo("rt:{91.edw}:i:price%3A€:a:b");
		assertThat(text(this.keys.channel(111))).isEqualTo("rt:{111.6r6}:c");
		assertThat(text(this.keys.global("fleet"))).isEqualTo("rt:fleet");
	}

	@Test
	void noTwoTopicsShareAKeyWhateverTheyAndTheirIdsAreCalled() {
		RedisKeys one = new RedisKeys("rt", new Partitions(1), Channels.BOTH);
		Map<String, String> owners = new HashMap<>();
		List<String> ids = List.of("x", ":x", "x:", "a", "a:x", "%3A", "%", "}", "{x}", "l", "l:x", "\n");
		List<Topic> topics = new ArrayList<>(OddNames.topics("x"));
		List.of("x:a", "x%3Aa", "x%", "x%25", "x:", ":x", ":", "a:x", "a", "l:a")
			.forEach((n) -> topics.add(Topic.of(n)));
		for (Topic topic : List.copyOf(topics)) {
			if (PresenceTopics.hasEvents(topic)) {
				topics.add(PresenceTopics.of(topic));
			}
		}
		for (Topic topic : topics) {
			own(owners, one.log(topic), "log of " + topic.name());
			own(owners, one.numbering(topic), "numbering of " + topic.name());
			own(owners, one.channel(topic), "channel of " + topic.name());
			own(owners, one.of("p.n", topic), "users of " + topic.name());
			for (String id : ids) {
				own(owners, one.idempotency(topic, id), "id " + id + " of " + topic.name());
				own(owners, one.of("k", topic, id), "counter " + id + " of " + topic.name());
			}
		}
		own(owners, one.channel(0), "channel of the partition");
		own(owners, one.of("agenda", 0), "agenda of the partition");
	}

	private static void own(Map<String, String> owners, byte[] key, String owner) {
		assertThat(owners.putIfAbsent(text(key), owner)).as("%s shares %s", owner, text(key)).isNull();
	}

	@ParameterizedTest
	@EnumSource
	void allKeysAndChannelsOfATopicLieInOneSlot(Channels channels) {
		RedisKeys some = new RedisKeys("rt:x", new Partitions(77), channels);
		for (Topic topic : OddNames.topics("x")) {
			int partition = some.partitions().of(topic);
			Topic events = PresenceTopics.of(topic);
			assertThat(List.of(some.log(topic), some.numbering(topic), some.idempotency(topic, "{b}"),
					some.of("p.users", topic), some.of("k", topic, "}{"), some.channel(topic), some.channel(partition),
					some.of("agenda", partition), some.log(events), some.numbering(events), some.channel(events)))
				.extracting(SlotHash::getSlot)
				.containsOnly(some.partitions().slot(partition));
		}
	}

	@Test
	void aChannelLeadsBackToItsTopicAlone() {
		for (Topic topic : OddNames.topics("x")) {
			assertThat(this.keys.topic(this.keys.channel(topic))).isEqualTo(topic);
			assertThat(this.keys.topic(this.keys.log(topic))).isNull();
			assertThat(this.keys.topic(new RedisKeys("other").channel(topic))).isNull();
		}
		assertThat(this.keys.topic(this.keys.channel(3))).isNull();
		assertThat(this.keys.isOfPartition(this.keys.channel(3))).isTrue();
	}

	@Test
	void globsTakeTheNameLiterally() {
		assertThat(text(new RedisKeys("rt-1").channels(new TopicPattern("a?[b]/*"))))
			.isEqualTo("rt\\-1:{*}:c:a\\?\\[b\\]/*");
		assertThat(text(this.keys.channels(new TopicPattern("price.**")))).isEqualTo("rt:{*}:c:price.*");
	}

	@Test
	void aPrefixWithBracesIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new RedisKeys("a{b}"));
	}

	private static String text(byte[] key) {
		return new String(key, StandardCharsets.UTF_8);
	}

}
