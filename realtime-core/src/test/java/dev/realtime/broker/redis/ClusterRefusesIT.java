package dev.realtime.broker.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.partition.Partitions;
import dev.realtime.redis.Channels;
import dev.realtime.redis.RedisKeys;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisCluster;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.MigrateArgs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A Redis Cluster that is there but does not serve a slot: a sentence says why. */
class ClusterRefusesIT {

	private static final AtomicInteger NUMBER = new AtomicInteger();

	private final RedisCluster cluster = RedisCluster.shared();

	private final RedisKeys keys = new RedisKeys("refuses" + NUMBER.incrementAndGet(), new Partitions(128),
			Channels.BOTH);

	private final RedisFleet fleet = RedisFleet.of(this.cluster, this.keys);

	private final RedisBroker broker = this.fleet.broker();

	private final Topic topic = Messages.topic();

	private final int slot = this.keys.partitions().slot(this.keys.partitions().of(this.topic));

	private final RedisServer master = this.cluster.master(this.slot);

	@BeforeEach
	void start() {
		this.broker.start(new Messages.Heard());
		Await.result(send("before"));
	}

	@AfterEach
	void close() {
		this.fleet.close();
	}

	/** As with cluster-require-full-coverage, whose default is yes. */
	@Test
	void rule7_aClusterThatIsDownSaysSo() {
		int other = otherSlotOfTheSameMaster();
		this.cluster.on(this.master, (redis) -> redis.configSet("cluster-require-full-coverage", "yes"));
		this.cluster.on(this.master, (redis) -> redis.clusterDelSlots(other));
		try {
			String sentence = "The Redis Cluster does not serve this slot now";
			Await.until(() -> assertRefused(sentence));
			assertThat(this.broker.problem()).startsWith("127.0.0.1:" + this.master.port()).contains(sentence);
			assertThat(this.broker.isUsable()).as("other masters serve theirs").isTrue();
		}
		finally {
			this.cluster.on(this.master, (redis) -> redis.clusterAddSlots(other));
			this.cluster.on(this.master, (redis) -> redis.configSet("cluster-require-full-coverage", "no"));
		}
		Await.until(() -> Await.result(send("after")));
		Await.until(() -> assertThat(this.broker.problem()).isNull());
	}

	@Test
	void rule7_aMigrationThatDoesNotEndSaysSo() {
		RedisServer target = this.cluster.masters()
			.stream()
			.filter((each) -> each.port() != this.master.port())
			.findFirst()
			.orElseThrow();
		String source = this.cluster.on(this.master, (redis) -> redis.clusterMyId());
		String importing = this.cluster.on(target, (redis) -> redis.clusterMyId());
		this.cluster.on(target, (redis) -> redis.clusterSetSlotImporting(this.slot, source));
		this.cluster.on(this.master, (redis) -> redis.clusterSetSlotMigrating(this.slot, importing));
		try {
			String first = List
				.copyOf(this.cluster.on(this.master, (redis) -> redis.clusterGetKeysInSlot(this.slot, 1)))
				.get(0);
			this.cluster.on(this.master,
					(redis) -> redis.migrate("127.0.0.1", target.port(), 0, 5_000, MigrateArgs.Builder.key(first)));
			String sentence = "The Redis Cluster is migrating the slot, and some of its keys are on another node";
			// one that is on its way when its time is over has an unknown outcome
			Await.until(() -> assertRefused(sentence));
			Await.until(() -> assertThat(this.broker.problem()).contains(sentence));
			assertThat(this.broker.isUsable()).isTrue();
		}
		finally {
			this.cluster.move(this.slot, this.master, target);
		}
		Await.until(() -> Await.result(send("after")));
		Await.until(() -> assertThat(this.broker.problem()).isNull());
	}

	private void assertRefused(String sentence) {
		assertThatThrownBy(() -> Await.result(send("refused"))).isInstanceOfSatisfying(PublishException.class, (ex) -> {
			assertThat(ex).hasMessageContaining(sentence);
			assertThat(ex.isOutcomeUnknown()).isFalse();
		});
	}

	private CompletableFuture<PublishReceipt> send(String text) {
		return this.broker.publish(Messages.text(this.topic, text), TopicPolicy.DEFAULT).toCompletableFuture();
	}

	/** One in which no partition lies. */
	private int otherSlotOfTheSameMaster() {
		int other = this.slot;
		do {
			other = (other + 1) % Partitions.SLOTS;
		}
		while (isPartition(other) || this.cluster.master(other).port() != this.master.port());
		return other;
	}

	private boolean isPartition(int any) {
		for (int partition = 0; partition < 128; partition++) {
			if (this.keys.partitions().slot(partition) == any) {
				return true;
			}
		}
		return false;
	}

}
