package dev.realtime.connection;

import java.util.List;
import java.util.stream.IntStream;

import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.hub.Hub;
import dev.realtime.hub.HubOptions;
import dev.realtime.hub.UnreliableBroker;
import dev.realtime.testing.SmallHub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The subscriptions of one connection. */
class SubscriptionsTests {

	private static final HubOptions OPTIONS = SmallHub.OPTIONS;

	private final UnreliableBroker broker = new UnreliableBroker();

	private final Hub hub = new Hub(OPTIONS, this.broker, new PlainEncoder(), (topic) -> TopicPolicy.DEFAULT,
			ConnectionListener.NONE);

	private final Connection connection = this.hub.connect("c", new RecordingTransport());

	private final Subscriptions subscriptions = new Subscriptions(3);

	@AfterEach
	void close() {
		this.hub.close();
		this.broker.close();
	}

	@Test
	void oneOrManyAreFoundById() {
		for (int count = 1; count <= 3; count++) {
			List<Subscriber> added = IntStream.range(0, count).mapToObj((i) -> subscriber("s" + i)).toList();
			added.forEach(this.subscriptions::add);
			assertThat(this.subscriptions.all()).containsExactlyInAnyOrderElementsOf(added);
			for (Subscriber each : added) {
				assertThat(this.subscriptions.remove(each.id())).isSameAs(each);
				assertThat(this.subscriptions.remove(each.id())).isNull();
			}
			assertThat(this.subscriptions.all()).isEmpty();
		}
	}

	@Test
	void anIdThatIsInUseIsRefusedUntilItsSubscriptionEnds() {
		Subscriber first = subscriber("s");
		this.subscriptions.add(first);
		assertThatExceptionOfType(SubscribeException.class).isThrownBy(() -> this.subscriptions.add(subscriber("s")))
			.withMessageContaining("\"s\" is in use");
		assertThat(this.subscriptions.all()).containsExactly(first);
		this.subscriptions.remove("s");
		this.subscriptions.add(subscriber("s"));
	}

	@Test
	void moreThanAllowedAreRefusedUntilOneEnds() {
		IntStream.range(0, 3).forEach((i) -> this.subscriptions.add(subscriber("s" + i)));
		assertThatExceptionOfType(SubscribeException.class).isThrownBy(() -> this.subscriptions.add(subscriber("s3")))
			.withMessageContaining("at most 3");
		this.subscriptions.remove("s1");
		this.subscriptions.add(subscriber("s3"));
		assertThat(this.subscriptions.all()).extracting(Subscription::id).containsExactlyInAnyOrder("s0", "s2", "s3");
	}

	@Test
	void theyKnowTheirTopics() {
		this.subscriptions.add(subscriber("s0"));
		this.subscriptions.add(subscriber("s1"));
		assertThat(this.subscriptions.contain(Topic.of("room.s1"))).isTrue();
		assertThat(this.subscriptions.contain(Topic.of("room.s2"))).isFalse();
		this.subscriptions.remove("s1");
		assertThat(this.subscriptions.contain(Topic.of("room.s1"))).isFalse();
	}

	@Test
	void afterTheEndThereAreNoneAndNoneCanBeAdded() {
		Subscriber first = subscriber("s0");
		Subscriber second = subscriber("s1");
		this.subscriptions.add(first);
		this.subscriptions.add(second);
		this.subscriptions.close();
		assertThatExceptionOfType(SubscribeException.class).isThrownBy(() -> this.subscriptions.add(subscriber("s2")))
			.withMessageContaining("closed");
		assertThat(this.subscriptions.end()).containsExactlyInAnyOrder(first, second);
		assertThat(this.subscriptions.end()).isEmpty();
		assertThat(this.subscriptions.all()).isEmpty();
	}

	private Subscriber subscriber(String id) {
		return this.connection.shared().subscribers.byPattern(this.connection, id, Topic.of("room." + id));
	}

}
