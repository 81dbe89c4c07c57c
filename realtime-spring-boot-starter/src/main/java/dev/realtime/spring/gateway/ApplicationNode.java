package dev.realtime.spring.gateway;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import dev.realtime.json.Json;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.GatewayProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static java.util.stream.Collectors.toSet;

/**
 * The application's side: says that this node is there, takes the SENDs of gateways, has
 * them handled, and answers. A SEND names a beat of this node, and is not started later
 * than the lease after that beat; see {@link Gateway}. No SEND is handled twice: each has
 * a higher number than the last one of its session, and what is older than the lease is
 * not taken.
 * <p>
 * Confined to a loop of its own, apart from the public methods.
 */
public final class ApplicationNode implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ApplicationNode.class);

	/** How long a session is remembered that sends nothing. */
	private static final Duration IDLE = Duration.ofMinutes(30);

	private static final int BEATS_IN_A_LEASE = 5;

	private static final Duration TICK = Duration.ofMillis(20);

	private final GatewayProperties properties;

	private final Loop loop;

	private final Post post;

	private final long leaseNanos;

	private final Supplier<@Nullable ForwardedSends> handler;

	private final Map<String, ForwardedSession> sessions = new ConcurrentHashMap<>();

	/** The number of the last SEND that was read, for each gateway. */
	private final Map<String, Long> lastRead = new ConcurrentHashMap<>();

	private final AtomicInteger underWay = new AtomicInteger();

	/** Its own times begin with this. */
	private final long startNanos = System.nanoTime();

	private volatile boolean leaving;

	/**
	 * Wires the node's side; {@link #begin} lets it talk.
	 * @param handler handles SENDs; asked for each
	 * @param loops makes its thread
	 */
	public ApplicationNode(RealtimeNode node, GatewayProperties properties, Supplier<@Nullable ForwardedSends> handler,
			Loops loops) {
		this.properties = properties;
		this.loop = loops.loop("realtime-gateway-sends");
		this.leaseNanos = properties.lease().toNanos();
		this.handler = handler;
		this.post = new Post(node, new Seal(properties.key()), this.loop);
	}

	/** Starts to listen, once the application can handle SENDs. */
	public void begin() {
		this.post.listen(false, this::read);
		this.loop.every(this.properties.lease().dividedBy(BEATS_IN_A_LEASE), this::beat);
		this.loop.every(Duration.ofMinutes(1), this::forgetIdle);
	}

	/** The gateway's session of this id, or null. Any thread. */
	public @Nullable ForwardedSession session(String id) {
		return this.sessions.get(id);
	}

	/** SENDs that are not answered. */
	public int underWay() {
		return this.underWay.get();
	}

	/**
	 * Sends a message to one session, through its gateway; at most once. Any thread.
	 * @return fails when it could not be sent
	 * @throws IllegalArgumentException when it is too large
	 */
	public CompletionStage<Void> tell(ForwardedSession session, ForwardedSend message) {
		String text = message.write();
		if (!Post.fits(text)) {
			throw new IllegalArgumentException(
					"A message for one session of a gateway has about 64,000 characters at most");
		}
		return this.post.send(session.gateway(), Kinds.TELL, new Json(96).open('{'), text);
	}

	/**
	 * Takes no more SENDs, and waits until those that were taken are answered, at most
	 * for the given time. Blocks.
	 */
	public void leave(Duration patience) {
		long end = System.nanoTime() + patience.toNanos();
		CountDownLatch left = new CountDownLatch(1);
		boolean accepted = this.loop.tryExecute(() -> {
			this.leaving = true;
			CompletionStage<Void> unused = this.post.send(Post.GATEWAYS, Kinds.LEAVING, new Json(96).open('{'), "");
			left.countDown();
		});
		try {
			boolean known = accepted && left.await(patience.toNanos(), TimeUnit.NANOSECONDS);
			logger.debug("Gateways were notified that this node leaves: {}; {} of their SENDs are unanswered", known,
					this.underWay);
			while (this.underWay.get() > 0 && System.nanoTime() - end < 0) {
				TimeUnit.NANOSECONDS.sleep(TICK.toNanos());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Takes leave of the gateways; idempotent; at most 2 s. Each gateway learns which of
	 * its SENDs was the last one to be read: those behind it may still be on their way,
	 * and can go to another node, because this one will not read them.
	 */
	@Override
	public void close() {
		if (this.loop.isClosed()) {
			return;
		}
		this.leaving = true;
		boolean nothingMoreIsRead = this.loop.close(Duration.ofSeconds(1));
		this.lastRead.forEach((gateway, number) -> {
			Json head = new Json(96).open('{');
			if (nothingMoreIsRead) {
				head.name("read").value(number);
			}
			CompletionStage<Void> sent = this.post.send(gateway, Kinds.GONE, head, "");
			logger.trace("Signed off from gateway {}: {}", gateway, sent);
		});
	}

	private long now() {
		return System.nanoTime() - this.startNanos;
	}

	private void beat() {
		if (!this.leaving) {
			CompletionStage<Void> unused = this.post.send(Post.GATEWAYS, Kinds.BEAT,
					new Json(96).open('{').name("beat").value(now()), "");
		}
	}

	private void read(Post.Letter letter) {
		switch (letter.kind()) {
			case Kinds.SEND -> take(letter);
			case Kinds.END -> {
				ForwardedSession session = this.sessions.get(String.valueOf(letter.head().string("session")));
				if (session != null && session.gateway().equals(letter.from())) {
					forget(session);
				}
			}
			default -> logger.debug("Ignored a message of the unknown kind \"{}\" from a newer gateway", letter.kind());
		}
	}

	private void take(Post.Letter letter) {
		long number = letter.number("number");
		long beat = letter.number("beat");
		this.lastRead.put(letter.from(), number);
		BooleanSupplier mayStart = () -> now() - beat < this.leaseNanos;
		ForwardedSends sends = this.handler.get();
		if (this.leaving || sends == null || !mayStart.getAsBoolean()) {
			answer(letter.from(), number, Outcome.AGAIN);
			return;
		}
		ForwardedSend send = ForwardedSend.read(letter.content());
		ForwardedSession known = this.sessions.get(send.sessionId());
		if (known == null && this.sessions.size() >= this.properties.maxSessions()) {
			answer(letter.from(), number,
					Outcome.refused("overloaded", "The application has too many sessions now; try again later"));
			return;
		}
		if (known == null || !known.gateway().equals(letter.from())) {
			known = new ForwardedSession(send.sessionId(), letter.from());
			this.sessions.put(known.id(), known);
		}
		if (known.isNext(number, send.user())) {
			this.underWay.incrementAndGet();
			sends.handle(send, known, mayStart, (outcome) -> {
				answer(letter.from(), number, outcome);
				this.underWay.decrementAndGet();
			});
		}
	}

	private void answer(String gateway, long number, Outcome outcome) {
		CompletionStage<Void> unused = this.post.send(gateway, Kinds.ANSWER,
				new Json(256).open('{')
					.name("number")
					.value(number)
					.name("outcome")
					.value(outcome.kind().name())
					.optional("word", outcome.word())
					.optional("sentence", outcome.sentence()),
				"");
	}

	private void forgetIdle() {
		Set<String> gateways = this.sessions.values().stream().map(ForwardedSession::gateway).collect(toSet());
		this.lastRead.keySet().retainAll(gateways);
		long now = System.nanoTime();
		for (ForwardedSession each : this.sessions.values()) {
			if (each.isIdle(now, IDLE.toNanos())) {
				forget(each);
			}
		}
	}

	private void forget(ForwardedSession session) {
		ForwardedSends sends = this.handler.get();
		if (this.sessions.remove(session.id(), session) && sends != null) {
			sends.ended(session);
		}
	}

}
