package dev.realtime.spring.gateway;

import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import dev.realtime.Epochs;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.json.Json;
import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loop;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.Backlog;
import dev.realtime.spring.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends sealed letters to other processes, in signals on topics of the engine's own, and
 * reads those for this process: at most once, and in the order in which one process sent
 * them to another. What is not sealed with the secret is dropped.
 *
 * <pre>
 * _fleet.gateways     letters to all gateways
 * _fleet.to.LIFE      letters to one process
 *
 * payload   seal | {"to":…,"from":…,…} | LF | content, or nothing
 * </pre>
 */
final class Post {

	/** Where nodes tell all gateways that they are there. */
	static final String GATEWAYS = "gateways";

	private static final Logger logger = LoggerFactory.getLogger(Post.class);

	/** Characters of letters that came and wait to be read; more are dropped. */
	private static final int MAX_WAITING = 32 * 1_024 * 1_024;

	private final RealtimeNode node;

	private final Seal seal;

	private final Loop loop;

	/** Names this life of this process. */
	private final String life;

	private final Backlog waiting = new Backlog(Integer.MAX_VALUE, MAX_WAITING);

	private final LogThrottle strangers;

	Post(RealtimeNode node, Seal seal, Loop loop) {
		this.node = node;
		this.life = Epochs.next(loop.environment().secureRandom());
		this.strangers = new LogThrottle(loop.environment());
		this.seal = seal;
		this.loop = loop;
	}

	String life() {
		return this.life;
	}

	/** Reads the letters to this process, or to all gateways, on the loop. */
	void listen(boolean gateway, Consumer<Letter> reader) {
		listen(topic(this.life), this.life, reader);
		if (gateway) {
			listen(topic(GATEWAYS), GATEWAYS, reader);
		}
	}

	/** Whether a text fits into a letter. */
	static boolean fits(String content) {
		return content.length() <= Signal.MAX_PAYLOAD_LENGTH - Seal.LENGTH - 512;
	}

	/**
	 * Sends a letter.
	 * @param head an open object, to which addresses are added
	 */
	CompletionStage<Void> send(String to, String kind, Json head, String content) {
		String text = head.name("to").value(to).name("from").value(this.life).name("kind").value(kind).close('}') + "\n"
				+ content;
		return this.node.signal(new Signal(topic(to), kind, null, this.seal.close(text), null));
	}

	private void listen(Topic topic, String address, Consumer<Letter> reader) {
		this.node.listen(topic, (signal) -> came(signal, address, reader)).whenComplete((done, failure) -> {
			if (failure != null) {
				logger.debug("Messages of gateways and nodes cannot be received until the relay is connected", failure);
			}
		});
	}

	/** On the relay's thread. */
	private void came(Signal signal, String address, Consumer<Letter> reader) {
		long now = this.loop.environment().nanoTime();
		String payload = signal.payload();
		if (payload == null) {
			return;
		}
		int size = payload.length();
		if (this.waiting.enter(size) && !this.loop.tryExecute(() -> {
			this.waiting.leave(size);
			read(payload, address, now, reader);
		})) {
			this.waiting.leave(size);
		}
	}

	private void read(String payload, String address, long cameNanos, Consumer<Letter> reader) {
		String text = this.seal.open(payload);
		if (text == null) {
			long times = this.strangers.add();
			if (times > 0) {
				logger.warn("Dropped {} messages between gateways and nodes that were not sealed with this process's "
						+ "realtime.gateway.secret; set the same secret on all gateways and nodes", times);
			}
			return;
		}
		int line = text.indexOf('\n');
		JsonObject head = JsonObject.parse(text.substring(0, line));
		if (address.equals(head.string("to"))) {
			reader.accept(new Letter(Objects.requireNonNull(head.string("from")),
					Objects.requireNonNull(head.string("kind")), head, text.substring(line + 1), cameNanos));
		}
	}

	private static Topic topic(String address) {
		return Topic.of(address.equals(GATEWAYS) ? "_fleet.gateways" : "_fleet.to." + address);
	}

	/**
	 * A letter of another process.
	 *
	 * @param from the life that sent it
	 * @param cameNanos when the relay brought it
	 */
	record Letter(String from, String kind, JsonObject head, String content, long cameNanos) {

		long number(String name) {
			return Objects.requireNonNull(this.head.wholeNumber(name));
		}

	}

}
