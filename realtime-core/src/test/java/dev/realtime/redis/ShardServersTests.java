package dev.realtime.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ShardServersTests {

	private static final int PARTITIONS = 128;

	private final ClientResources resources = DefaultClientResources.create();

	@AfterEach
	void stop() {
		var unused = this.resources.shutdown(0, 0, TimeUnit.SECONDS);
	}

	private static List<String> servers(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "redis-" + i + ".example.org:6379").toList();
	}

	private static List<String> of(List<String> servers) {
		return IntStream.range(0, PARTITIONS).mapToObj((partition) -> ShardServers.of(partition, servers)).toList();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 5, 8, 16 })
	void aServerThatIsAddedMovesOnlyWhatItGets(int count) {
		List<String> before = of(servers(count));
		List<String> after = of(servers(count + 1));

		String added = servers(count + 1).get(count);
		long moved = 0;
		for (int partition = 0; partition < PARTITIONS; partition++) {
			if (!before.get(partition).equals(after.get(partition))) {
				assertThat(after.get(partition)).isEqualTo(added);
				moved++;
			}
		}
		assertThat(moved).isEqualTo(Collections.frequency(after, added))
			.isBetween(PARTITIONS / (count + 1L) / 3, 2L * PARTITIONS / (count + 1));
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 3, 5, 8 })
	void eachServerHasItsShare(int count) {
		Map<String, Long> shares = of(servers(count)).stream()
			.collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

		assertThat(shares).hasSize(count);
		assertThat(shares.values()).allMatch((share) -> share <= 2L * PARTITIONS / count);
	}

	@Test
	void theOrderOfTheListDoesNotMatter() {
		List<String> reversed = new ArrayList<>(servers(5));
		Collections.reverse(reversed);

		assertThat(of(reversed)).isEqualTo(of(servers(5)));
	}

	/** As long as this holds, topics are found again. */
	@Test
	void whereAPartitionIsNeverChanges() {
		assertThat(of(List.of("a:1", "b:2", "c:3")).subList(0, 8)).containsExactly("a:1", "a:1", "a:1", "a:1", "a:1",
				"a:1", "c:3", "b:2");
	}

	@Test
	void aListThatIsEmptyOrNamesAServerTwiceIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> client(List.of()));
		assertThatIllegalArgumentException().isThrownBy(() -> client(List.of("redis://a:1", "redis://user:pw@a:1")))
			.withMessage("The server a:1 is in the list twice");
	}

	@Test
	void keysOfTheFleetBelongToTheFirstServerAndThoseOfAPartitionToItsOwn() {
		RedisKeys keys = new RedisKeys("rt");
		ShardServers servers = client(List.of("redis://c:3", "redis://a:1", "redis://b:2")).servers();
		assertThat(servers.address(servers.slot(keys.global("fleet")))).isEqualTo("c:3");
		assertThat(servers.address(servers.slot(keys.global("restrictions")))).isEqualTo("c:3");
		for (int partition = 0; partition < PARTITIONS; partition++) {
			assertThat(servers.address(servers.slot(keys.of("agenda", partition))))
				.isEqualTo(ShardServers.of(partition, List.of("a:1", "b:2", "c:3")));
		}
	}

	private ShardedRedisClient client(List<String> uris) {
		return new ShardedRedisClient(this.resources, ClientOptions.create(),
				uris.stream().map(RedisURI::create).toList(), 1, new RedisKeys("rt"));
	}

}
