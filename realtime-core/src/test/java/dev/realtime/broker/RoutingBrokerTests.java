package dev.realtime.broker;

import java.time.Duration;
import java.util.List;

import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.MovableClock;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Two brokers keep together what one keeps. */
class RoutingBrokerTests extends BrokerContract {

	private final MovableClock clock = new MovableClock();

	private final MemoryBroker durable = new MemoryBroker(this.clock);

	private final MemoryBroker other = new MemoryBroker(this.clock);

	private final Topic lasting = Topic.of("lasting." + this.topic.name());

	@Override
	protected Broker create() {
		return new RoutingBroker(this.durable, this.other, (topic) -> topic.name().startsWith("lasting."));
	}

	@Override
	protected boolean isFleet() {
		return false;
	}

	@Override
	protected void after(Duration time, ThrowingRunnable assertion) {
		this.clock.move(time);
		Await.until(assertion);
	}

	@Test
	void eachTopicIsKeptAndHeardWhereItBelongs() {
		Await.result(broker().subscribe(this.lasting));
		Await.result(broker().subscribe(this.topic));

		Await.result(broker().publish(Messages.text(this.lasting, "kept"), TopicPolicy.DEFAULT));
		publish("soon gone");

		assertThat(this.heard.texts()).containsExactly("kept", "soon gone");
		assertThat(head(this.durable, this.lasting).seq()).isEqualTo(1);
		assertThat(head(this.durable, this.topic).seq()).isZero();
		assertThat(head(this.other, this.lasting).seq()).isZero();
		assertThat(Await.result(broker().sequence().next(this.lasting)).seq()).isEqualTo(2);
	}

	@Test
	void aSignalTakesTheRelayOfItsTopic() {
		Await.result(broker().subscribe(this.lasting));
		Signal signal = new Signal(this.lasting, "typing", "ann", null, null);

		Await.result(this.other.signal(signal));
		assertThat(this.heard.signals()).isEmpty();
		Await.result(broker().signal(signal));
		assertThat(this.heard.signals()).containsExactly(signal);
	}

	@Test
	void headsOfTopicsOfBothKindsComeInTheOrderAsked() {
		List<Topic> topics = List.of(this.topic, this.lasting, Messages.topic());

		List<Position> heads = Await.result(broker().log().heads(topics));

		assertThat(heads).containsExactly(head(this.other, topics.get(0)), head(this.durable, topics.get(1)),
				head(this.other, topics.get(2)));
	}

	private static Position head(Broker broker, Topic topic) {
		return Await.result(broker.log().heads(List.of(topic))).get(0);
	}

}
