package dev.realtime.partition;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

import dev.realtime.Topic;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.testing.OddNames;
import io.lettuce.core.cluster.SlotHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PartitionsTests {

	private final Partitions partitions = new Partitions(Partitions.DEFAULT_COUNT);

	@Test
	void theChecksumHasItsPublishedCheckValue() {
		assertThat(Crc16.of("123456789", 0)).isEqualTo(0x31C3);
	}

	/** The table of docs/protocol.md; it never changes. */
	@ParameterizedTest
	@CsvSource(quoteCharacter = '"', textBlock = VECTORS)
	void topicsHaveThePartitionsAndTagsOfTheProtocol(String name, int partition, String tag, int slot) {
		assertThat(this.partitions.of(Topic.of(name))).isEqualTo(partition);
		assertThat(this.partitions.tag(partition)).isEqualTo(tag);
		assertThat(this.partitions.slot(partition)).isEqualTo(slot);
	}

	static final String VECTORS = """
			a,7,7.4ox,960
			123456789,67,67.6dn,8640
			room.42,111,111.6r6,14272
			_presence.room.42,111,111.6r6,14272
			room/42,95,95.5hr,12224
			Zürich,44,44.8rh,5696
			price:€,91,91.edw,11712
			😀,15,15.yr,1984
			}100%{,67,67.6dn,8640
			""";

	@Test
	void theHashIsThatOfRedisClusterForEveryName() {
		Partitions all = new Partitions(1024);
		for (Topic topic : OddNames.topics("x")) {
			byte[] name = topic.name().getBytes(StandardCharsets.UTF_8);
			if (topic.name().indexOf('{') < 0) {
				assertThat(all.of(topic)).isEqualTo(SlotHash.getSlot(name) % 1024);
			}
			assertThat(all.ofText(topic.name())).isEqualTo(all.of(topic));
		}
	}

	@Test
	void aPresenceTopicBelongsWhereItsTopicBelongs() {
		for (Topic topic : OddNames.topics("x")) {
			assertThat(this.partitions.of(PresenceTopics.of(topic))).isEqualTo(this.partitions.of(topic));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 7, 100, 128, 129, 1000, 1024 })
	void eachTagHasItsSlotAndTheSlotsAreEvenlySpaced(int count) {
		Partitions some = new Partitions(count);
		int last = -1;
		for (int partition = 0; partition < count; partition++) {
			assertThat(some.tag(partition)).matches(partition + "\\.[0-9a-z]{1,4}");
			assertThat(SlotHash.getSlot("rt:{" + some.tag(partition) + "}:l:}{")).isEqualTo(some.slot(partition));
			assertThat(some.slot(partition)).isGreaterThan(last);
			last = some.slot(partition);
		}
	}

	@Test
	void mastersWithContiguousRangesHaveAboutAsManyPartitionsEach() {
		for (int masters = 3; masters <= 100; masters++) {
			int[] each = partitionsOfMasters(masters);
			int most = Arrays.stream(each).max().orElseThrow();
			double mean = (double) this.partitions.count() / masters;
			assertThat(most).as("with %d masters: %s", masters, Arrays.toString(each))
				.isLessThanOrEqualTo((int) Math.ceil(mean) + 1);
			if (masters <= 24) {
				assertThat(most).as("with %d masters: %s", masters, Arrays.toString(each))
					.isLessThanOrEqualTo((int) (1.25 * mean));
			}
			assertThat(Arrays.stream(each).min().orElseThrow()).isGreaterThan(0);
		}
	}

	/** As {@code redis-cli --cluster create} assigns slots. */
	private int[] partitionsOfMasters(int masters) {
		double share = (double) Partitions.SLOTS / masters;
		int[] each = new int[masters];
		IntStream.range(0, this.partitions.count()).forEach((partition) -> {
			int slot = this.partitions.slot(partition);
			int master = 0;
			while (master < masters - 1 && slot > Math.rint((master + 1) * share - 1)) {
				master++;
			}
			each[master]++;
		});
		return each;
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 1025 })
	void numbersOutOfBoundsAreRefused(int count) {
		assertThatIllegalArgumentException().isThrownBy(() -> new Partitions(count))
			.withMessage("The number of partitions must be 1 to 1024, not " + count);
	}

	@Test
	void whatIsNoTopicIsSpreadToo() {
		long hit = IntStream.range(0, 2_000).map((i) -> this.partitions.ofText("user-" + i)).distinct().count();
		assertThat(hit).isEqualTo(this.partitions.count());
	}

}
