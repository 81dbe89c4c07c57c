package dev.realtime.redis;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.partition.Partitions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import org.jspecify.annotations.Nullable;

/**
 * Which of several independent servers has a partition, as a {@link ShardList} says. Keys
 * of the whole fleet ({@code rt:fleet}, {@code rt:restrictions}) belong to the first
 * server of the list. A server's name is {@code host:port}.
 */
public final class ShardServers implements Masters {

	/** Of keys without a partition; no partition has it, however many there are. */
	static final int GLOBAL = 0;

	private final RedisClient client;

	private final Map<String, RedisURI> uris = new LinkedHashMap<>();

	private final String[] bySlot = new String[Partitions.SLOTS];

	private final ShardClaims claims;

	/**
	 * Servers.
	 * @param generation how often the list has changed
	 * @throws IllegalArgumentException when there is none, or one is there twice
	 */
	ShardServers(RedisClient client, List<RedisURI> uris, int generation, RedisKeys keys) {
		if (uris.isEmpty()) {
			throw new IllegalArgumentException("At least one server is required");
		}
		this.client = client;
		for (RedisURI uri : uris) {
			String name = name(uri);
			if (this.uris.put(name, uri) != null) {
				throw new IllegalArgumentException("The server " + name + " is in the list twice");
			}
		}
		Partitions partitions = keys.partitions();
		ShardList list = new ShardList(partitions.count(), addresses());
		Arrays.fill(this.bySlot, list.names().get(0));
		for (int partition = 0; partition < partitions.count(); partition++) {
			this.bySlot[partitions.slot(partition)] = list.of(partition);
		}
		this.claims = new ShardClaims(list, generation, keys);
	}

	/** The name of a server. */
	public static String name(RedisURI uri) {
		return uri.getHost() + ':' + uri.getPort();
	}

	/** Which of the servers has a partition. */
	public static String of(int partition, List<String> names) {
		return ShardList.of(partition, names);
	}

	@Override
	public RedisClient client() {
		return this.client;
	}

	@Override
	public int slot(byte[] key) {
		for (byte letter : key) {
			if (letter == '{') {
				return SlotHash.getSlot(key);
			}
		}
		return GLOBAL;
	}

	@Override
	public String address(int slot) {
		return this.bySlot[slot];
	}

	@Override
	public List<String> addresses() {
		return List.copyOf(this.uris.keySet());
	}

	@Override
	public RedisURI uri(String address) {
		RedisURI uri = this.uris.get(address);
		if (uri == null) {
			throw new IllegalArgumentException("No such server: " + address);
		}
		return uri;
	}

	/** Not said by a server that is no part of a cluster. */
	@Override
	public void moved(int slot, String address) {
		throw new IllegalStateException("The server at " + address + " is part of a Redis Cluster");
	}

	/** The list does not change. */
	@Override
	public void refresh(Duration age) {
	}

	@Override
	public @Nullable ShardClaims claims() {
		return this.claims;
	}

}
