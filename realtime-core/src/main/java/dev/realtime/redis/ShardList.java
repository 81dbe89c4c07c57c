package dev.realtime.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A list of independent servers and how many partitions are spread over them: the one
 * whose name gives the highest hash together with the partition's number has it
 * (rendezvous hashing). So a server that is added gets its share from all others, and
 * nothing moves between those. The order of the list does not matter for partitions; keys
 * of the whole fleet belong to its first server.
 * <p>
 * The hash is FNV-1a of the name, 64 bits, combined with the number and mixed as
 * SplitMix64 does. It never changes, since topics would be looked for elsewhere.
 *
 * @param partitions how many
 * @param names the servers as {@code host:port}, at least one
 */
record ShardList(int partitions, List<String> names) {

	private static final long FNV_OFFSET = 0xcbf29ce484222325L;

	private static final long FNV_PRIME = 0x100000001b3L;

	private static final long GOLDEN = 0x9e3779b97f4a7c15L;

	ShardList {
		names = List.copyOf(names);
	}

	/** The list that {@link #text} has written; without names if there was none. */
	static ShardList parse(String text) {
		List<String> words = List.of(text.split(" ", -1));
		return text.isEmpty() ? new ShardList(0, List.of())
				: new ShardList(Integer.parseInt(words.get(0)), words.subList(1, words.size()));
	}

	/** As it is kept in Redis. */
	String text() {
		return this.partitions + " " + String.join(" ", this.names);
	}

	/** The server that has a partition. */
	String of(int partition) {
		return of(partition, this.names);
	}

	static String of(int partition, List<String> names) {
		String best = names.get(0);
		for (String name : names) {
			int order = Long.compareUnsigned(hash(partition, name), hash(partition, best));
			if (order > 0 || (order == 0 && name.compareTo(best) > 0)) {
				best = name;
			}
		}
		return best;
	}

	private static long hash(int partition, String name) {
		long hash = FNV_OFFSET;
		for (byte letter : name.getBytes(StandardCharsets.UTF_8)) {
			hash = (hash ^ (letter & 0xff)) * FNV_PRIME;
		}
		long mixed = hash + (partition + 1) * GOLDEN;
		mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
		return mixed ^ (mixed >>> 31);
	}

}
