package dev.realtime.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.OddNames;
import dev.realtime.testing.TcpProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a relay over a server of another kind than the log's keeps to. */
public abstract class EngineRelayContract extends RelayContract {

	private final List<Relay> others = new ArrayList<>();

	/** A relay of another node, not behind the proxy and not yet started. */
	protected abstract Relay direct();

	/** What stands between the relay of {@link #create} and the server. */
	protected abstract TcpProxy proxy();

	/** Called when all other relays are closed. */
	protected abstract void closeEngine();

	/** Another node, which is not behind the proxy. */
	protected Relay other(Messages.Heard heard) {
		return started(direct(), heard);
	}

	/** A relay that is started, and closed after the test. */
	protected Relay started(Relay relay, Messages.Heard heard) {
		this.others.add(relay);
		relay.start(heard);
		return relay;
	}

	@AfterEach
	void closeAll() {
		this.others.forEach(Relay::close);
		closeEngine();
	}

	@Test
	void reachesEveryNodeThatWantsTheTopic() {
		Messages.Heard there = new Messages.Heard();
		Relay other = other(there);
		Await.result(relay().subscribe(this.topic));
		Await.result(other.subscribe(this.topic));

		Await.result(other.announce(message(this.topic, 1, "to both")));

		Await.until(() -> assertThat(List.of(this.heard, there))
			.allSatisfy((node) -> assertThat(node.texts()).containsExactly("to both")));
	}

	@Test
	void carriesTopicsOfAnyNameByNameAndByPattern() {
		List<Topic> topics = OddNames.topics("n" + System.nanoTime());
		topics.forEach((each) -> Await.result(relay().subscribe(each)));
		Messages.Heard there = new Messages.Heard();
		Relay other = other(there);
		Await.result(other.subscribe(new TopicPattern("**")));

		topics.forEach((each) -> Await.result(other.announce(message(each, 1, each.name()))));

		Await.until(() -> assertThat(List.of(this.heard, there))
			.allSatisfy((node) -> assertThat(node.messages()).extracting(TopicMessage::topic)
				.containsExactlyInAnyOrderElementsOf(topics)));
	}

	@Test
	protected void rule7_losesNothingWhenItsConnectionIsCutOrSaysSo() {
		List<Topic> topics = IntStream.range(0, 500).mapToObj((i) -> Messages.topic()).toList();
		topics.stream().map(relay()::subscribe).toList().forEach(Await::result);

		proxy().cut();
		Await.until(() -> assertThat(this.heard.reconnections()).isEqualTo(1));
		topics.forEach((each) -> relay().announce(message(each, 1, each.name())));

		Await.until(() -> assertThat(this.heard.texts())
			.containsExactlyInAnyOrderElementsOf(topics.stream().map(Topic::name).toList()));
		assertThat(relay().isConnected()).isTrue();
	}

	@Test
	void rule7_noticesAConnectionThatIsDeadThoughItLooksOpen() {
		Await.result(relay().subscribe(this.topic));

		proxy().freeze();
		Await.until(() -> assertThat(this.heard.reconnections()).isEqualTo(1));

		Await.result(relay().announce(message(this.topic, 1, "alive")));
		Await.until(() -> assertThat(this.heard.texts()).containsExactly("alive"));
	}

}
