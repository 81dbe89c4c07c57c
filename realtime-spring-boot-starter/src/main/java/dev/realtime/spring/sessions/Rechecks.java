package dev.realtime.spring.sessions;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import dev.realtime.Epochs;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.NodePart;
import dev.realtime.spring.RightsProperties;
import dev.realtime.spring.security.AccessDecision;
import dev.realtime.spring.security.SubscriptionGrant;
import dev.realtime.spring.security.TopicAuthorization;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides again about the rights of open subscriptions: each session within
 * {@code realtime.security.recheck}, and at once what the application asks for on any
 * node. What is denied ends. When a decision fails, the subscription stays.
 * <p>
 * The application's decisions may block, so they are made on threads of their own. There
 * are few of them, and no more checks wait than there are sessions. A request travels in
 * a signal on a topic of the engine's own and is stored nowhere: a node that may have
 * missed one, because the relay was away, checks all its sessions.
 */
final class Rechecks implements NodePart {

	/** Where nodes talk about it; no destination leads there. */
	static final Topic TOPIC = Topic.of("_fleet.rechecks");

	private static final Logger logger = LoggerFactory.getLogger(Rechecks.class);

	private static final String RECHECK = "recheck";

	/** Stops before the application's beans are destroyed. */
	private static final int PHASE = 2_048;

	private static final Duration SHORTEST_TICK = Duration.ofMillis(20);

	private static final Duration LONGEST_TICK = Duration.ofSeconds(1);

	private static final Duration CLOSING = Duration.ofMillis(500);

	/** Names this life of this node. */
	private final String life;

	private final RealtimeNode node;

	private final LocalSessions sessions;

	private final Supplier<TopicAuthorization> access;

	private final RightsProperties properties;

	private final RecheckQueue queue;

	private final Loop threads;

	/** How many of the threads check, or are about to. */
	private final AtomicInteger working = new AtomicInteger();

	private final LongAdder decided = new LongAdder();

	private final LongAdder revoked = new LongAdder();

	private volatile boolean running;

	Rechecks(RealtimeNode node, LocalSessions sessions, Supplier<TopicAuthorization> access,
			RightsProperties properties, Loops loops) {
		this.life = node.id() + '~' + Epochs.next(loops.environment().secureRandom());
		this.node = node;
		this.sessions = sessions;
		this.access = access;
		this.properties = properties;
		this.queue = new RecheckQueue(sessions.all());
		this.threads = loops.loop("realtime-recheck", properties.recheckThreads());
	}

	/** Checks on all nodes, as soon as possible. */
	CompletionStage<Void> request(Recheck recheck) {
		here(recheck);
		return this.node.signal(new Signal(TOPIC, RECHECK, this.life, recheck.text(), null)).handle((done, failure) -> {
			if (failure != null) {
				throw SessionsUnavailableException.of(failure);
			}
			return null;
		});
	}

	/** How many decisions were made. */
	long decided() {
		return this.decided.sum();
	}

	/** How many subscriptions, or topics of patterns, were ended. */
	long revoked() {
		return this.revoked.sum();
	}

	/** Checks on this node. */
	void here(Recheck recheck) {
		this.queue.add(recheck);
		work();
	}

	/** Called on the relay's thread. */
	private void onSignal(Signal signal) {
		String payload = signal.payload();
		if (payload == null || this.life.equals(signal.user()) || !RECHECK.equals(signal.type())) {
			return;
		}
		try {
			here(Recheck.of(payload));
		}
		catch (IllegalArgumentException ex) {
			logger.warn("Another node asked for a check that this version does not know; all sessions are "
					+ "checked instead", ex);
			here(Recheck.ALL);
		}
	}

	private void tick(Duration tick) {
		this.queue.turn((double) tick.toNanos() / this.properties.recheck().toNanos());
		work();
	}

	/** Lets all threads work that do not: each ends when nothing is left to check. */
	private void work() {
		int most = this.properties.recheckThreads();
		while (this.working.getAndUpdate((now) -> Math.min(now + 1, most)) < most) {
			if (!this.threads.tryExecute(this::checkAll)) {
				this.working.decrementAndGet();
				return;
			}
		}
	}

	private void checkAll() {
		try {
			for (RecheckQueue.Next next = this.queue.next(); next != null; next = this.queue.next()) {
				try {
					check(next.session(), next.recheck());
				}
				catch (Throwable ex) {
					this.threads.failed(ex);
				}
				finally {
					this.queue.done(next.session());
				}
			}
		}
		finally {
			this.working.decrementAndGet();
			if (this.queue.isAskedFor()) {
				work();
			}
		}
	}

	private void check(LocalSession session, Recheck recheck) {
		SubscriptionEnder ender = this.sessions.ender();
		if (ender != null) {
			this.revoked.add(ender.recheck(session.connection(), session.attributes(), session.principal(),
					recheck::concerns, (topic, token) -> decide(session, topic, token)));
		}
	}

	/** A failure is none of the user's: what it has, it keeps. */
	private AccessDecision decide(LocalSession session, Topic topic, @Nullable SubscriptionGrant token) {
		this.threads.progressed();
		this.decided.increment();
		try {
			return this.access.get().decideAgain(session.principal(), topic, session.attributes(), token);
		}
		catch (Throwable ex) {
			this.threads.failed(ex);
			return AccessDecision.GRANTED;
		}
	}

	@Override
	public void start() {
		this.running = true;
		this.node.listen(TOPIC, this::onSignal, () -> here(Recheck.ALL)).whenComplete((done, failure) -> {
			if (failure != null) {
				logger.debug("Signals of other nodes cannot be received until the relay is connected", failure);
			}
		});
		Duration recheck = this.properties.recheck();
		if (!recheck.isZero()) {
			Duration tick = recheck.dividedBy(100);
			Duration bounded = (tick.compareTo(SHORTEST_TICK) < 0) ? SHORTEST_TICK
					: (tick.compareTo(LONGEST_TICK) > 0) ? LONGEST_TICK : tick;
			this.threads.every(bounded, () -> tick(bounded));
		}
	}

	/** At most half a second; a decision that is under way is given up. */
	@Override
	public void stop() {
		this.running = false;
		if (!this.threads.close(CLOSING)) {
			this.threads.close();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
