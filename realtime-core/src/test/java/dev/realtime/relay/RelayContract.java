package dev.realtime.relay;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What every {@link Relay} keeps to. */
public abstract class RelayContract {

	protected final Topic topic = Messages.topic();

	protected final Messages.Heard heard = new Messages.Heard();

	private Relay relay;

	/** A relay that is not yet started. */
	protected abstract Relay create();

	protected RelayContract() {
		this.relay = new LoopbackRelay();
	}

	@BeforeEach
	void start() {
		this.relay = create();
		this.relay.start(this.heard);
	}

	@AfterEach
	void close() {
		this.relay.close();
	}

	protected Relay relay() {
		return this.relay;
	}

	protected static TopicMessage message(Topic topic, long seq, String text) {
		return new TopicMessage(topic, new Position("EPOCH", seq), 1_700_000_000_000L, "id", Content
			.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), Content.TEXT, "type", Map.of("name", "value")),
				"session", 1_700_000_060_000L);
	}

	@Test
	void carriesMessagesUnchangedAndInOrderOnceTheSubscriptionIsInForce() {
		Await.result(this.relay.subscribe(this.topic));

		IntStream.rangeClosed(1, 100).forEach((i) -> this.relay.announce(message(this.topic, i, "text " + i)));

		Await.until(() -> assertThat(this.heard.messages()).hasSize(100));
		assertThat(Messages.seqs(this.heard.messages())).isSorted();
		assertThat(this.heard.messages().get(41)).usingRecursiveComparison()
			.isEqualTo(message(this.topic, 42, "text 42"));
	}

	@Test
	void carriesTheMessagesOfAllTopicsOfAPattern() {
		TopicPattern pattern = new TopicPattern(this.topic.name() + "/*/x");
		List<Topic> matching = Stream.of("a", "b{}", "c*?[]", "ü%7D")
			.map((each) -> Topic.of(this.topic.name() + '/' + each + "/x"))
			.toList();
		Await.result(this.relay.subscribe(pattern));

		matching.forEach((each) -> Await.result(this.relay.announce(message(each, 1, each.name()))));

		Await.until(() -> assertThat(this.heard.messages()).extracting(TopicMessage::topic)
			.containsExactlyInAnyOrderElementsOf(matching));
		assertThat(this.heard.texts()).containsExactlyInAnyOrderElementsOf(matching.stream().map(Topic::name).toList());
	}

	@Test
	void carriesNothingOfAPatternThatIsNotWantedAnyMore() {
		TopicPattern pattern = new TopicPattern(this.topic.name() + "/*");
		Topic matching = Topic.of(this.topic.name() + "/a");
		Await.result(this.relay.subscribe(pattern));
		Await.result(this.relay.subscribe(this.topic));
		Await.result(this.relay.announce(message(matching, 1, "wanted")));
		Await.until(() -> assertThat(this.heard.texts()).containsExactly("wanted"));
		Await.result(this.relay.unsubscribe(pattern));
		// Its confirmation comes behind the end of the pattern.
		Await.result(this.relay.subscribe(Messages.topic()));

		Await.result(this.relay.announce(message(matching, 2, "unwanted")));
		Await.result(this.relay.announce(message(this.topic, 1, "last")));

		Await.until(() -> assertThat(this.heard.texts()).containsExactly("wanted", "last"));
	}

	@Test
	void aTopicThatAPatternMatchesIsCarriedWithOrWithoutItsOwnSubscription() {
		TopicPattern pattern = new TopicPattern(this.topic.name() + "/*");
		Topic matching = Topic.of(this.topic.name() + "/a");
		Await.result(this.relay.subscribe(pattern));
		Await.result(this.relay.subscribe(matching));
		Await.result(this.relay.announce(message(matching, 1, "both")));
		Await.until(() -> assertThat(this.heard.texts()).containsOnly("both"));
		Await.result(this.relay.unsubscribe(matching));
		Await.result(this.relay.announce(message(matching, 2, "pattern")));
		Await.until(() -> assertThat(this.heard.texts()).endsWith("pattern"));
		Await.result(this.relay.subscribe(matching));
		Await.result(this.relay.unsubscribe(pattern));

		Await.result(this.relay.announce(message(matching, 3, "topic")));

		Await.until(() -> assertThat(this.heard.texts()).endsWith("topic"));
	}

	@Test
	void carriesNothingThatNobodyWants() {
		Topic other = Messages.topic();
		Await.result(this.relay.subscribe(this.topic));
		Await.result(this.relay.subscribe(other));
		Await.result(this.relay.unsubscribe(other));

		Await.result(this.relay.announce(message(other, 1, "unwanted")));
		Await.result(this.relay.announce(message(this.topic, 1, "wanted")));

		Await.until(() -> assertThat(this.heard.texts()).containsExactly("wanted"));
	}

	@Test
	void aTopicCanBeWantedAgain() {
		for (int i = 0; i < 20; i++) {
			this.relay.subscribe(this.topic);
			this.relay.unsubscribe(this.topic);
		}
		Await.result(this.relay.subscribe(this.topic));
		Await.result(this.relay.subscribe(this.topic));

		Await.result(this.relay.announce(message(this.topic, 1, "once")));
		Await.result(this.relay.announce(message(this.topic, 2, "more")));

		Await.until(() -> assertThat(this.heard.texts()).containsExactly("once", "more"));
	}

	@Test
	void carriesSignalsUnchangedBesideMessages() {
		Signal full = new Signal(this.topic, "typing", "ann ✓", "{\"typing\":true}", "session");
		Signal bare = new Signal(this.topic, "refresh", null, null, null);
		Await.result(this.relay.subscribe(this.topic));

		Await.result(this.relay.signal(full));
		Await.result(this.relay.announce(message(this.topic, 1, "between")));
		Await.result(this.relay.signal(bare));

		Await.until(() -> assertThat(this.heard.signals()).containsExactly(full, bare));
		Await.until(() -> assertThat(this.heard.texts()).containsExactly("between"));
	}

	@Test
	void carriesNoSignalThatNobodyWants() {
		Topic other = Messages.topic();
		Signal wanted = new Signal(this.topic, "typing", "ann", null, null);
		Await.result(this.relay.subscribe(this.topic));

		Await.result(this.relay.signal(new Signal(other, "typing", "ann", null, null)));
		Await.result(this.relay.signal(wanted));

		Await.until(() -> assertThat(this.heard.signals()).containsExactly(wanted));
	}

	@Test
	void rule9_whatTheListenerThrowsCostsOneMessageAlone() {
		this.heard.reacting((message) -> {
			if (message.seq() == 1) {
				throw new IllegalStateException("on purpose");
			}
			throw new NoClassDefFoundError("on purpose");
		});
		Await.result(this.relay.subscribe(this.topic));

		Await.result(this.relay.announce(message(this.topic, 1, "first")));
		Await.result(this.relay.announce(message(this.topic, 2, "second")));
		Await.result(this.relay.announce(message(this.topic, 3, "third")));

		Await.until(() -> assertThat(this.heard.texts()).containsExactly("first", "second", "third"));
		assertThat(this.relay.isConnected()).isTrue();
	}

	@Test
	void nothingCanBeSubscribedAfterTheClose() {
		this.relay.close();
		this.relay.close();

		assertThat(this.relay.isConnected()).isFalse();
		assertThatThrownBy(() -> Await.result(this.relay.subscribe(this.topic)))
			.isInstanceOf(IllegalStateException.class);
	}

}
