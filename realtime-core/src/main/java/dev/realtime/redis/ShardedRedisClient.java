package dev.realtime.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;

/**
 * A client of several independent Redis servers (7.0 or later), over which the partitions
 * of a fleet are spread; see {@link ShardServers}. What takes a client of one server or
 * of a cluster takes this one too.
 */
public final class ShardedRedisClient extends AbstractRedisClient {

	private final ShardServers servers;

	/**
	 * A client that is not yet connected.
	 * @param resources not shut down by this client
	 * @param options of all connections
	 * @param uris with credentials and TLS of each server
	 * @param generation of the list, from 1; one more with each change of the list
	 * @param keys the fleet's
	 * @throws IllegalArgumentException when there is no server, one is there twice, or
	 * the generation is below 1
	 */
	public ShardedRedisClient(ClientResources resources, ClientOptions options, List<RedisURI> uris, int generation,
			RedisKeys keys) {
		super(resources);
		RedisClient client = RedisClient.create(resources);
		client.setOptions(options);
		this.servers = new ShardServers(client, uris, generation, keys);
	}

	/** Where the partitions are. */
	public ShardServers servers() {
		return this.servers;
	}

	@Override
	public CompletableFuture<Void> shutdownAsync(long quietPeriod, long timeout, TimeUnit unit) {
		return this.servers.client()
			.shutdownAsync(quietPeriod, timeout, unit)
			.thenCompose((done) -> super.shutdownAsync(quietPeriod, timeout, unit));
	}

}
