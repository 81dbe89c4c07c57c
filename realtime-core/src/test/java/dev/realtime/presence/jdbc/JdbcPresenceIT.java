package dev.realtime.presence.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceContract;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.presence.PublishedEvents;
import dev.realtime.testing.Await;
import dev.realtime.testing.DatabaseServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The contract of presence, and rule 6, on PostgreSQL. */
class JdbcPresenceIT extends PresenceContract {

	private static final DatabaseServer server = DatabaseServer.postgresql();

	private final PostgresFleet fleet = new PostgresFleet(server.url(), SHORT);

	private @Nullable PostgresFleet other;

	private List<JdbcPresence> nodes = List.of();

	@AfterAll
	static void stopServer() {
		server.stop();
	}

	@BeforeEach
	void start() {
		this.nodes = this.fleet.start(3);
	}

	@AfterEach
	void stop() {
		if (this.other != null) {
			this.other.close();
		}
		this.fleet.close();
	}

	@Override
	protected List<JdbcPresence> start(PresenceOptions options) {
		// nodes that share tables work for each other
		this.fleet.close();
		this.other = new PostgresFleet(server.url(), options);
		return this.other.start(2);
	}

	@Override
	protected PublishedEvents events() {
		return (this.other != null) ? this.other.events() : this.fleet.events();
	}

	@Override
	protected Presence first() {
		return this.nodes.get(0);
	}

	@Override
	protected Presence second() {
		return this.nodes.get(1);
	}

	@Test
	void leavesNothingBehindWhenTheLastUserIsGone() {
		enter(first(), "ann", "a1");
		enter(second(), "bob", "b1");
		leave(first(), "ann", "a1");
		leave(second(), "bob", "b1");
		Await.until(() -> assertThat(rows()).isZero());
	}

	@Test
	void announcesWhatItHasStored() {
		enter(first(), "ann", "a1");
		assertThat(this.fleet.announced()).extracting(TopicMessage::topic)
			.containsOnlyOnce(PresenceTopics.of(this.topic));
		assertThat(this.fleet.events().on(this.topic)).containsExactly("+ann");
	}

	@Test
	void rule6_aDeadNodeLeavesNoGhostsAndEachLeaveIsPublishedOnce() {
		List<Topic> topics = topics();
		JdbcPresence dying = this.fleet.start();
		all(topics.stream().flatMap((topic) -> users().map((user) -> dying.enter(topic, user, "d"))));
		join(second().enter(topics.get(0), "user 0", "elsewhere"));
		this.fleet.kill(dying);
		long death = System.nanoTime();
		await().untilAsserted(() -> assertThat(members(topics)).isEqualTo(1));
		assertThat(Duration.ofNanos(System.nanoTime() - death)).isLessThan(SHORT.lease().plusSeconds(3));
		letTheGracePass();
		assertThat(leaves(topics)).hasSize(topics.size() * 20 - 1).doesNotHaveDuplicates();
		assertThat(this.fleet.events().of(topics.get(0), "user 0")).isEqualTo("+");
	}

	@Test
	void rule6_findsLeavesWhoseOwnNodeDiedDuringTheGrace() {
		List<Topic> topics = topics();
		JdbcPresence dying = this.fleet.start();
		all(topics.stream().flatMap((topic) -> users().map((user) -> dying.enter(topic, user, "d"))));
		all(topics.stream().flatMap((topic) -> users().map((user) -> dying.leave(topic, user, "d"))));
		this.fleet.kill(dying);
		await().untilAsserted(() -> assertThat(members(topics)).isZero());
		assertThat(leaves(topics)).hasSize(topics.size() * 20).doesNotHaveDuplicates();
	}

	@Test
	void rule6_buriesMoreUsersThanOneTransactionMayFind() {
		JdbcPresence dying = this.fleet.start();
		int crowd = 2 * JdbcPresence.BATCH + 7;
		all(IntStream.range(0, crowd).mapToObj((i) -> dying.enter(this.topic, "user " + i, "d")));
		this.fleet.kill(dying);
		await().untilAsserted(() -> assertThat(members(List.of(this.topic))).isZero());
		assertThat(leaves(List.of(this.topic))).hasSize(crowd).doesNotHaveDuplicates();
	}

	@Test
	void rule6_aNodeThatWasFoundDeadEntersItsUsersAgain() {
		enter(first(), "ann", "a1");
		this.fleet.execute("UPDATE realtime_presence_node SET lease_until = 1 WHERE node LIKE 'node-0~%'");
		Await.until(() -> assertThat(this.fleet.events().of(this.topic, "ann")).isIn("+", "+-+"));
		await().during(Duration.ofSeconds(1))
			.untilAsserted(() -> assertThat(members(first())).containsExactly(new Presence.Member("ann", 1)));
		assertThat(this.fleet.events().of(this.topic, "ann")).isIn("+", "+-+");
	}

	@Test
	void rule6_whatANodeEntersUnderALeaseThatHasEndedIsRefused() {
		enter(first(), "ann", "a1");
		this.fleet.execute("UPDATE realtime_presence_node SET dead = TRUE WHERE node LIKE 'node-0~%'");
		enter(first(), "bob", "b1");
		Await.until(() -> assertThat(members(second())).extracting(Presence.Member::user)
			.containsExactlyInAnyOrder("ann", "bob"));
		this.fleet.kill(this.nodes.get(0));
		await().untilAsserted(() -> assertThat(members(second())).isEmpty());
	}

	@Test
	void changesAreWrittenWhenTheServerIsBack() {
		DatabaseServer own = DatabaseServer.postgresql();
		try (PostgresFleet shaken = new PostgresFleet(own.url(), SHORT)) {
			JdbcPresence node = shaken.start();
			join(node.enter(this.topic, "ann", "a1"));
			own.stop();
			CompletionStage<Void> late = node.enter(this.topic, "bob", "b1");
			assertThatThrownBy(() -> Await.result(node.count(this.topic))).isNotNull();
			assertThat(late.toCompletableFuture()).isNotDone();
			own.start();
			Await.result(late);
			await().ignoreExceptions()
				.untilAsserted(() -> assertThat(join(node.members(this.topic, 10)))
					.containsExactly(new Presence.Member("ann", 1), new Presence.Member("bob", 1)));
		}
		finally {
			own.stop();
		}
	}

	private List<Topic> topics() {
		return IntStream.range(0, 30).mapToObj((i) -> Topic.of(this.topic.name() + '.' + i)).toList();
	}

	private static Stream<String> users() {
		return IntStream.range(0, 20).mapToObj((i) -> "user " + i);
	}

	private long members(List<Topic> topics) {
		return topics.stream().mapToLong((each) -> join(second().count(each))).sum();
	}

	private List<String> leaves(List<Topic> topics) {
		return topics.stream()
			.flatMap((each) -> this.fleet.events()
				.on(each)
				.stream()
				.filter((event) -> event.startsWith("-"))
				.map((event) -> each.name() + event))
			.toList();
	}

	private long rows() {
		return this.fleet.count("realtime_presence") + this.fleet.count("realtime_presence_member")
				+ this.fleet.count("realtime_presence_connection");
	}

	private static void all(Stream<CompletionStage<Void>> stages) {
		Await.result(CompletableFuture
			.allOf(stages.map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new)));
	}

}
