package dev.realtime.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.testing.VirtualEnvironment;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How often the topology is looked up, in virtual time. */
class ClusterMastersTests {

	private final VirtualEnvironment environment = new VirtualEnvironment(1);

	private final ClientResources resources = DefaultClientResources.create();

	private final Client client = new Client(this.resources);

	private final ClusterMasters masters = new ClusterMasters(this.client, this.environment);

	@AfterEach
	void close() {
		this.client.shutdown();
		var unused = this.resources.shutdown();
	}

	@Test
	void rule9_aClientThatThrowsIsAskedAgain() {
		this.client.failure = new NoClassDefFoundError("simulated");
		this.environment.advance(Duration.ofSeconds(10));
		this.masters.refresh(Duration.ofSeconds(5));
		assertThat(this.client.refreshes).isEqualTo(1);
		this.client.failure = null;
		this.environment.advance(Duration.ofSeconds(5));
		this.masters.refresh(Duration.ofSeconds(5));
		assertThat(this.client.refreshes).isEqualTo(2);
	}

	@Test
	void rule8_theTopologyIsLookedUpAtMostSoOften() {
		for (int i = 0; i < 1_000; i++) {
			this.environment.advance(Duration.ofMillis(10));
			this.masters.refresh(Duration.ofSeconds(1));
		}
		assertThat(this.client.refreshes).isEqualTo(10);
	}

	/** Has no cluster. */
	private static final class Client extends RedisClusterClient {

		private int refreshes;

		private @Nullable Error failure;

		Client(ClientResources resources) {
			super(resources, List.of(RedisURI.create("redis://localhost")));
		}

		@Override
		public void refreshPartitions() {
			// there is none
		}

		@Override
		public CompletionStage<Void> refreshPartitionsAsync() {
			this.refreshes++;
			if (this.failure != null) {
				throw this.failure;
			}
			return CompletableFuture.completedFuture(null);
		}

	}

}
