package dev.realtime.spring.pipe;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.node.FleetMember;
import dev.realtime.node.RealtimeNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the application's wish to stop the texts of a topic to the other nodes: a
 * signal on a topic of the engine's own, which no destination leads to. Signals may be
 * lost while the relay is away.
 */
final class FleetStops implements RealtimeStreams.Stopping {

	/** Where nodes talk. */
	static final Topic TOPIC = Topic.of("_fleet.pipes");

	private static final Logger logger = LoggerFactory.getLogger(FleetStops.class);

	private static final String STOP = "stop";

	private final FleetMember node;

	/** Names this life of this node, which does not do twice what it asks for. */
	private final String life;

	FleetStops(FleetMember node, String life) {
		this.node = node;
		this.life = life;
	}

	@Override
	public CompletionStage<Void> ask(Topic topic) {
		return this.node.signal(new Signal(TOPIC, STOP, this.life, topic.name(), null));
	}

	/**
	 * Hears of what other nodes ask for.
	 * @param stop called on the relay's thread: must be quick and never block
	 */
	void listen(RealtimeNode node, Consumer<Topic> stop) {
		node.listen(TOPIC, (signal) -> {
			String topic = signal.payload();
			if (STOP.equals(signal.type()) && topic != null && !this.life.equals(signal.user())) {
				stop.accept(Topic.of(topic));
			}
		}).whenComplete((done, failure) -> {
			if (failure != null) {
				logger.debug("Signals of other nodes cannot be received until the relay is connected", failure);
			}
		});
	}

}
