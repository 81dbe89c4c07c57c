package dev.realtime.log;

import java.time.Duration;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.MovableClock;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class MemoryTopicLogTests extends TopicLogContract {

	private final MovableClock clock = new MovableClock();

	private final MemoryBroker broker = new MemoryBroker(this.clock);

	@BeforeEach
	void start() {
		this.broker.start(new Messages.Heard());
	}

	@AfterEach
	void close() {
		this.broker.close();
	}

	@Override
	protected TopicLog log() {
		return this.broker.log();
	}

	@Override
	protected Position store(Publication publication, TopicPolicy policy) {
		return Await.result(this.broker.publish(publication, policy)).position();
	}

	@Override
	protected Position skip(Topic topic) {
		return Await.result(this.broker.sequence().next(topic));
	}

	@Override
	protected void after(Duration time, ThrowingRunnable assertion) {
		this.clock.move(time);
		Await.until(assertion);
	}

}
