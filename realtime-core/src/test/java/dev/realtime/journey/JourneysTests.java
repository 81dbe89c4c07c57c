package dev.realtime.journey;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import dev.realtime.Content;
import dev.realtime.Overflow;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.connection.Connection;
import dev.realtime.connection.FrameInterceptor;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.delivery.Frame;
import dev.realtime.hub.UnreliableBroker;
import dev.realtime.hub.VirtualHubFixture;
import dev.realtime.testing.VirtualEnvironment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What a hub notes of messages that ask for it, and that others cost nothing. */
class JourneysTests extends VirtualHubFixture<UnreliableBroker> {

	private static final Duration LONG = Duration.ofSeconds(3);

	JourneysTests() {
		super(new VirtualEnvironment(1), (environment) -> new UnreliableBroker(), OPTIONS);
	}

	/** With 40, messages wait for each other and are written past the queues. */
	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 40 })
	void theStagesOfAMessageAreNotedInTheirOrder(int subscribers) {
		for (int i = 0; i < subscribers; i++) {
			RecordingTransport unused = subscribed("client-" + i);
		}

		Position position = publishNoted();
		settle();

		Journey journey = journey(position);
		assertThat(journey.topic()).isEqualTo(ROOM);
		assertThat(journey.passages()).containsOnlyKeys(Stage.RECEIVED, Stage.ORDERED, Stage.HANDED, Stage.OFFERED,
				Stage.WRITTEN);
		assertThat(passage(journey, Stage.WRITTEN).count()).isEqualTo(subscribers);
		assertThat(passage(journey, Stage.OFFERED).count()).isEqualTo(journey.shards()).isOne();
		assertThat(journey.subscribers()).isEqualTo(subscribers);
		assertThat(journey.waiting()).isZero();
		assertThat(journey.hold()).isNull();
		assertThat(journey.fromLog()).isFalse();
	}

	@Test
	void messagesThatDoNotAskForItAreNotNoted() {
		RecordingTransport client = subscribed("client");
		Position unused = publish(3);
		settle();
		assertThat(client.messages()).hasSize(3);
		assertThat(this.hub.journeys().latest()).isEmpty();
	}

	@Test
	void messagesOfATopicThatNobodyFollowsAreNotNoted() {
		Position unused = publishNoted();
		settle();
		assertThat(this.hub.journeys().latest()).isEmpty();
	}

	@Test
	void aMessageBehindAHoleSaysHowManyNumbersWereMissing() {
		RecordingTransport client = subscribed("client");
		this.broker.lost = (message) -> message.seq() <= 3;
		this.broker.logAway = true;
		Position unused = publish(3);
		publishNoted();
		Position last = publishNoted();
		pass(LONG);
		assertThat(journey(last).at(Stage.ORDERED)).isNull();
		assertThat(journey(last).hold()).isEqualTo(missing(3));
		this.broker.logAway = false;
		pass(LONG.multipliedBy(2));

		Journey journey = journey(last);
		assertThat(client.seqs()).containsExactly(1L, 2L, 3L, 4L, 5L);
		assertThat(journey.hold()).isEqualTo(missing(3));
		assertThat(journey.fromLog()).isTrue();
		assertThat(journey.failedReads()).isPositive();
		assertThat(Duration.ofNanos(passage(journey, Stage.ORDERED).first() - passage(journey, Stage.RECEIVED).first()))
			.isBetween(LONG, LONG.multipliedBy(3));
	}

	@Test
	void aMessageThatTheRelayLosesIsNotedWhenItIsReadFromTheLog() {
		RecordingTransport unused = subscribed("client");
		this.broker.lost = (message) -> message.seq() == 1;
		Position lost = publishNoted();
		Position next = publish(1);
		settle();

		assertThat(next.seq()).isEqualTo(2);
		Journey journey = journey(lost);
		assertThat(journey.at(Stage.RECEIVED)).isNull();
		assertThat(journey.fromLog()).isTrue();
		assertThat(journey.at(Stage.WRITTEN)).isNotNull();
	}

	@Test
	void aSocketThatDoesNotTakeItIsWaitedForUntilItDoes() {
		RecordingTransport slow = subscribed("slow");
		RecordingTransport quick = subscribed("quick");
		slow.stopReading();
		Position first = publish(1);
		settle();
		Position position = publishNoted();
		pass(LONG);
		assertThat(first).isNotEqualTo(position);
		assertThat(journey(position).waiting()).isOne();
		assertThat(passage(journey(position), Stage.WRITTEN).count()).isOne();

		slow.readAgain();
		settle();

		Journey journey = journey(position);
		assertThat(journey.waiting()).isZero();
		assertThat(Duration.ofNanos(passage(journey, Stage.WRITTEN).last() - passage(journey, Stage.WRITTEN).first()))
			.isEqualTo(LONG);
		assertThat(quick.messages()).hasSize(2);
	}

	@Test
	void nobodyIsWaitedForWhoseConnectionOrSubscriptionEnds() {
		RecordingTransport leaves = subscribed("leaves");
		RecordingTransport unsubscribes = subscribed("unsubscribes");
		leaves.stopReading();
		unsubscribes.stopReading();
		Position unused = publish(1);
		settle();
		Position position = publishNoted();
		settle();
		assertThat(journey(position).waiting()).isEqualTo(2);

		connection("leaves").closed();
		settle();
		assertThat(journey(position).waiting()).isOne();
		connection("unsubscribes").unsubscribe("sub-0");
		settle();

		assertThat(journey(position).waiting()).isZero();
		assertThat(passage(journey(position), Stage.NOT_WRITTEN).count()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "DROP_OLDEST", "DISCONNECT" })
	void nobodyIsWaitedForWhoseQueueHasNoRoom(Overflow overflow) {
		this.policies = TopicPolicies.all(TopicPolicy.builder().queue(4, 64 * 1024, overflow).build());
		RecordingTransport slow = subscribed("slow");
		slow.stopReading();
		List<Position> all = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			all.add(publishNoted());
			settle();
		}
		// The first one is with the socket, which has not said that it took it.
		all.remove(0);
		long waiting = all.stream().filter((position) -> journey(position).waiting() > 0).count();
		assertThat(waiting).isEqualTo((overflow == Overflow.DISCONNECT) ? 0 : 4);
	}

	@Test
	void nobodyIsWaitedForWhoSentIt() {
		RecordingTransport sender = subscribed("sender");
		Position position = this.broker
			.publish(Publication.to(ROOM).header(Content.JOURNEY, "true").excludeSession("sender").build(),
					this.policies.of(ROOM))
			.toCompletableFuture()
			.join()
			.position();
		settle();
		assertThat(sender.messages()).isEmpty();
		assertThat(journey(position).waiting()).isZero();
		assertThat(journey(position).subscribers()).isOne();
	}

	@Test
	void whatARecoveryBringsIsNotNoted() {
		RecordingTransport live = subscribed("live");
		Position position = publishNoted();
		settle();
		RecordingTransport late = connected("late");
		connection("late").subscribe(new SubscribeRequest("sub-0", ROOM, position.withSeq(0), 0, "ready"));
		pass(LONG);

		assertThat(late.messages()).hasSameSizeAs(live.messages()).hasSize(1);
		assertThat(passage(journey(position), Stage.WRITTEN).count()).isOne();
	}

	@Test
	void whatAnInterceptorRewritesIsWrittenAndWhatItWithholdsIsNot() {
		this.hub.intercept(new Rewriting());
		RecordingTransport client = subscribed("client");
		Position first = publishNoted();
		Position second = publishNoted();
		settle();

		assertThat(client.messages()).containsExactly("message rewritten");
		assertThat(journey(first).at(Stage.WRITTEN)).isNotNull();
		assertThat(journey(second).at(Stage.WRITTEN)).isNull();
		assertThat(passage(journey(second), Stage.NOT_WRITTEN).count()).isOne();
		assertThat(journey(first).waiting() + journey(second).waiting()).isZero();
	}

	@Test
	void rule8_theLast100AreKept() {
		RecordingTransport unused = subscribed("client");
		List<Position> all = new ArrayList<>();
		for (int i = 0; i < Journeys.MOST + 5; i++) {
			all.add(publishNoted());
			settle();
		}
		List<Position> kept = new ArrayList<>(this.hub.journeys().latest().stream().map(Journey::position).toList());
		Collections.reverse(kept);
		assertThat(kept).isEqualTo(all.subList(5, all.size()));
	}

	private Position publishNoted() {
		Publication publication = Publication.to(ROOM)
			.payload(new byte[] { 'm' }, Content.TEXT)
			.header(Content.JOURNEY, "true")
			.build();
		return this.broker.publish(publication, this.policies.of(ROOM)).toCompletableFuture().join().position();
	}

	private Journey journey(Position position) {
		List<Journey> found = this.hub.journeys().find(position, ROOM);
		assertThat(found).hasSize(1);
		return found.get(0);
	}

	/** The fixture has a type of the same name. */
	private static dev.realtime.journey.Hold missing(long numbers) {
		return new dev.realtime.journey.Hold(false, false, numbers);
	}

	private static Passage passage(Journey journey, Stage stage) {
		return Objects.requireNonNull(journey.at(stage), () -> "not reached: " + stage);
	}

	/** Rewrites the first message, and withholds all others. */
	private static final class Rewriting implements FrameInterceptor {

		@Override
		public boolean isActive() {
			return true;
		}

		@Override
		public void execute(Runnable task) {
			task.run();
		}

		@Override
		public @Nullable Frame intercept(Connection connection, String subscriptionId, TopicMessage message,
				Frame frame) {
			return (message.seq() == 1) ? Frame.of("message rewritten".getBytes(StandardCharsets.UTF_8)) : null;
		}

	}

}
