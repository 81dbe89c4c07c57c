package dev.realtime.relay.redis;

import java.util.concurrent.CompletableFuture;

import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.partition.Partitions;
import dev.realtime.redis.Channels;
import dev.realtime.redis.RedisKeys;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The same where a node subscribes to all partitions, once. */
class PartitionedRelayIT extends RedisRelayIT {

	private static final RedisKeys KEYS = new RedisKeys("rt", new Partitions(16), Channels.PARTITIONS);

	@Override
	protected RedisKeys keys() {
		return KEYS;
	}

	/** That of its partition may be confirmed already. */
	@Test
	@Override
	void aSubscriptionThatIsNotConfirmedFailsWhenTheRelayIsClosed() {
		this.proxy.freeze();
		CompletableFuture<Void> ends = relay().subscribe(this.topic).toCompletableFuture();

		relay().close();

		assertThat(ends).isDone();
		assertThatThrownBy(() -> Await.result(relay().subscribe(Messages.topic())))
			.isInstanceOf(IllegalStateException.class);
	}

	/** That of its partition is confirmed already. */
	@Test
	@Override
	void aSubscriptionThatRedisDoesNotConfirmFailsInTime() {
		Await.result(relay().subscribe(ofTheSamePartition()));
		this.proxy.holdAnswers();

		assertThat(Await.result(relay().subscribe(this.topic))).isNull();
	}

	@Test
	void leavesOutTopicsThatAreNotWantedThoughTheyComeOnTheSameChannel() {
		Topic other = ofTheSamePartition();
		Await.result(relay().subscribe(this.topic));

		Await.result(relay().announce(message(other, 1, "not for us")));
		Await.result(relay().announce(message(this.topic, 1, "for us")));

		Await.until(() -> assertThat(this.heard.texts()).containsExactly("for us"));
	}

	@Test
	void aPatternBringsNoMoreOnceItIsNotWanted() {
		TopicPattern all = new TopicPattern("**");
		Topic other = ofTheSamePartition();
		Await.result(relay().subscribe(all));
		Await.result(relay().announce(message(other, 1, "one")));
		Await.until(() -> assertThat(this.heard.texts()).containsExactly("one"));

		relay().unsubscribe(all);
		Await.result(relay().subscribe(this.topic));
		Await.result(relay().announce(message(other, 2, "two")));
		Await.result(relay().announce(message(this.topic, 1, "three")));

		Await.until(() -> assertThat(this.heard.texts()).containsExactly("one", "three"));
	}

	private Topic ofTheSamePartition() {
		int partition = KEYS.partitions().of(this.topic);
		for (int i = 0;; i++) {
			Topic other = Topic.of(this.topic.name() + ".other." + i);
			if (KEYS.partitions().of(other) == partition) {
				return other;
			}
		}
	}

}
