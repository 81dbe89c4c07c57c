package dev.realtime.occupancy.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

import dev.realtime.Epochs;
import dev.realtime.Topic;
import dev.realtime.occupancy.OccupancyCall;
import dev.realtime.occupancy.OccupancyChange;
import dev.realtime.occupancy.OccupancyReply;
import dev.realtime.occupancy.OccupancyStore;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import io.lettuce.core.ScriptOutputType;

/**
 * Topics with subscribers in the fleet, in Redis 6.2 or later.
 *
 * <h2>Storage details</h2> All times are those of Redis's clock. <pre>
 * rt:{111.6r6}:o.epoch    string  names one life of these keys
 * rt:{111.6r6}:o.nodes    zset    node with topics here, scored by the end of its lease (ms)
 * rt:{111.6r6}:o.n:NODE   set     topics with subscribers on the node
 * rt:{111.6r6}:o.topics   hash    topic -> number of nodes with subscribers; never 0
 * rt:{111.6r6}:o.told     hash    topic -> 1 if it was published as occupied, ? while that
 *                                 changes; none if it was published as vacated, or never;
 *                                 empty name -> until when nothing is vacated (ms)
 * rt:{111.6r6}:o.open     zset    topics whose change is not published, scored by when it may be
 *                                 handed to another node (ms)
 * </pre> Everything is changed by one script ({@link OccupancyScript}), which therefore
 * also sees at that moment whose lease is over. A node has one lease for each partition
 * in which it has topics, whatever their number. The keys expire a day after the last
 * node called, those of a node after two days, so that no other node counts on what has
 * expired. Redis must not evict the keys.
 */
public final class RedisOccupancyStore implements OccupancyStore {

	private static final Duration KEPT = Duration.ofDays(1);

	/** Most topics of dead nodes that one call takes away. */
	private static final int BUDGET = 500;

	private static final byte[] YES = RedisLink.arg(1);

	private static final byte[] NO = RedisLink.arg(0);

	private final RedisLink link;

	private final RedisKeys keys;

	/**
	 * Stores on a connection of its own.
	 * @param link closed by the store
	 */
	public RedisOccupancyStore(RedisLink link, RedisKeys keys) {
		this.link = link;
		this.keys = keys;
	}

	@Override
	public int partitions() {
		return this.keys.partitions().count();
	}

	@Override
	public int partition(Topic topic) {
		return this.keys.partitions().of(topic);
	}

	@Override
	public CompletionStage<OccupancyReply> call(int partition, OccupancyCall call) {
		List<byte[]> names = new ArrayList<>();
		for (String kind : List.of("o.epoch", "o.nodes", "o.topics", "o.told", "o.open")) {
			names.add(this.keys.of(kind, partition));
		}
		names.add(topicsOf(call.name(), partition));
		call.dead().forEach((node) -> names.add(topicsOf(node, partition)));
		return this.link
			.<List<?>>eval(OccupancyScript.APPLY, ScriptOutputType.MULTI, names.toArray(byte[][]::new),
					args(call).toArray(byte[][]::new))
			.thenApply(RedisOccupancyStore::reply);
	}

	private List<byte[]> args(OccupancyCall call) {
		List<byte[]> args = new ArrayList<>();
		args.add(RedisLink.arg(call.name()));
		args.add(RedisLink.arg(call.epoch()));
		args.add(RedisLink.arg(Epochs.next(this.link.environment().secureRandom())));
		args.add(RedisLink.arg(call.lease().toMillis()));
		args.add(RedisLink.arg(KEPT.toMillis()));
		args.add(RedisLink.arg(call.room()));
		args.add(RedisLink.arg(call.looksForDead() ? BUDGET : 0));
		args.add(RedisLink.arg(call.dead().size()));
		args.add(RedisLink.arg(call.published().size()));
		args.add(RedisLink.arg(call.publishing().size()));
		call.dead().forEach((node) -> args.add(RedisLink.arg(node)));
		call.published().forEach((topic, occupied) -> {
			args.add(RedisLink.arg(topic.name()));
			args.add(arg(occupied));
		});
		call.publishing().forEach((topic) -> args.add(RedisLink.arg(topic.name())));
		call.own().forEach((own) -> {
			args.add(RedisLink.arg(own.topic().name()));
			args.add(arg(own.occupied()));
			args.add(arg(own.known()));
		});
		return args;
	}

	private byte[] topicsOf(String node, int partition) {
		return this.keys.of("o.n:" + node, partition);
	}

	private static byte[] arg(boolean yes) {
		return yes ? YES : NO;
	}

	private static OccupancyReply reply(List<?> parts) {
		Instant time = Instant.EPOCH.plus(Long.parseLong(text(parts.get(3))), ChronoUnit.MICROS);
		List<?> changes = (List<?>) parts.get(5);
		List<OccupancyChange> read = new ArrayList<>(changes.size() / 2);
		for (int i = 0; i < changes.size(); i += 2) {
			read.add(new OccupancyChange(Topic.of(text(changes.get(i))), isOne(changes.get(i + 1)), time));
		}
		List<String> dead = ((List<?>) parts.get(6)).stream().map(RedisOccupancyStore::text).toList();
		return new OccupancyReply(text(parts.get(0)), isOne(parts.get(1)), (Long) parts.get(2), read, dead,
				isOne(parts.get(4)), text(parts.get(7)));
	}

	private static boolean isOne(Object number) {
		return (Long) number == 1;
	}

	private static String text(Object bytes) {
		return new String((byte[]) bytes, StandardCharsets.UTF_8);
	}

	@Override
	public void close() {
		this.link.close();
	}

}
