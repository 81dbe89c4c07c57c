package dev.realtime.spring.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.realtime.loop.Loop;
import dev.realtime.spring.AuditProperties;

/**
 * Takes note of refusals: counts each one, and publishes and logs them on a loop of its
 * own. The places that answer clients call it, see
 * {@code docs/internals/architecture.md}. Not for applications. Safe for any number of
 * threads; does not block.
 */
public final class SecurityEvents {

	private final String node;

	private final int most;

	private final Loop loop;

	private final Consumer<SecurityEvent> publisher;

	private final RefusalLog log;

	private final AtomicInteger waiting = new AtomicInteger();

	private final LongAdder dropped = new LongAdder();

	private final Map<Door, Map<String, LongAdder>> counts = new EnumMap<>(Door.class);

	private final List<Observer> observers = new ArrayList<>();

	SecurityEvents(String node, AuditProperties properties, Loop loop, Consumer<SecurityEvent> publisher) {
		this.node = node;
		this.most = properties.queue();
		this.loop = loop;
		this.publisher = publisher;
		this.log = new RefusalLog(loop, properties.logInterval());
		for (Door door : Door.values()) {
			this.counts.put(door, new ConcurrentHashMap<>());
		}
	}

	/**
	 * A client was refused.
	 * @param word why, as the client is told
	 */
	public void refused(Door door, String word, Client client) {
		String known = Reasons.word(word);
		String tag = Reasons.tag(known);
		if (tag == null) {
			return;
		}
		LongAdder count = count(door, tag);
		count.increment();
		if (Reasons.isMistake(tag)) {
			return;
		}
		SecurityEvent event = new SecurityEvent(Instant.now(), this.node, door, known, client.user(), client.session(),
				client.address(), client.topic());
		if (this.waiting.incrementAndGet() > this.most || !this.loop.tryExecute(() -> handle(event, tag, count))) {
			this.waiting.decrementAndGet();
			this.dropped.increment();
		}
	}

	/**
	 * Returns the word for why something was refused or has failed, or {@code other} if
	 * it is none of the engine's: one of a small number of words.
	 */
	public static String reason(String word) {
		return Reasons.known(Reasons.word(word));
	}

	/**
	 * Observes what is counted.
	 * @param observer gets each pair of a door and a reason once, when it is counted for
	 * the first time
	 */
	public void observe(Observer observer) {
		synchronized (this.observers) {
			this.observers.add(observer);
			this.counts.forEach((door, counts) -> counts
				.forEach((reason, count) -> observer.counted(door.tag(), reason, count::sum)));
		}
	}

	/** Returns how many events were dropped because too many waited. */
	public long dropped() {
		return this.dropped.sum();
	}

	private void handle(SecurityEvent event, String tag, LongAdder count) {
		this.waiting.decrementAndGet();
		this.log.add(event, tag, count::sum);
		this.publisher.accept(event);
	}

	private LongAdder count(Door door, String tag) {
		Map<String, LongAdder> ofDoor = Objects.requireNonNull(this.counts.get(door));
		LongAdder known = ofDoor.get(tag);
		if (known != null) {
			return known;
		}
		synchronized (this.observers) {
			return ofDoor.computeIfAbsent(tag, (first) -> {
				LongAdder created = new LongAdder();
				this.observers.forEach((observer) -> observer.counted(door.tag(), first, created::sum));
				return created;
			});
		}
	}

	/** Gets what is counted. */
	@FunctionalInterface
	public interface Observer {

		/** This reason at this door is counted from now on. */
		void counted(String door, String reason, LongSupplier count);

	}

}
