package dev.realtime.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows of one partition: which lineage and term are open to it on which
 * server, and how far it has relied on that. Everything that decides is in one lock, so
 * that a node relies on nothing of a server that it has promised to leave.
 */
final class ContinuedPartition {

	private static final String CLOSING = "This node is closing.";

	final byte[] key;

	private String lineage = "";

	private long term;

	/** The highest mark of which anything was shown. */
	private long relied;

	/**
	 * The server for which the partition is open, or that was promised to be the next.
	 */
	private String life = "";

	private boolean open;

	private boolean closed;

	private boolean asking;

	/** Whether the replicas do not yet know this node. */
	private boolean unregistered = true;

	/** Until when it must not take part elsewhere than where it has promised itself. */
	private long boundUntil;

	private long due;

	private long renewed;

	private final Environment environment;

	/** Sent, and refused because the partition was not open. */
	private final Queue<ContinuedCall<?>> again = new ArrayDeque<>();

	/** Made while it was not open. */
	private final Queue<ContinuedCall<?>> held = new ArrayDeque<>();

	ContinuedPartition(byte[] key, Environment environment) {
		this.environment = environment;
		this.boundUntil = environment.nanoTime();
		this.due = this.boundUntil;
		this.renewed = this.boundUntil;
		this.key = key;
	}

	synchronized boolean isOpen() {
		return this.open;
	}

	synchronized Opened opened() {
		return new Opened(this.lineage, this.term, this.life);
	}

	/** Returns null when the call has to wait. */
	synchronized Continuity.@Nullable Sent sendOrHold(ContinuedCall<?> call, Supplier<Continuity.Sent> send) {
		if (this.open && this.again.isEmpty() && this.held.isEmpty()) {
			return send.get();
		}
		if (this.closed) {
			return () -> call.completeExceptionally(TakeoverException.notYet(CLOSING));
		}
		this.held.add(call);
		return null;
	}

	/** The server has not carried it out. */
	synchronized void again(ContinuedCall<?> call) {
		this.again.add(call);
		shut();
	}

	synchronized void shut() {
		this.open = false;
		this.due = this.environment.nanoTime();
	}

	/**
	 * Whether what was answered may be shown: only if the same server has had the same
	 * lineage all the time, and no other one was promised anything.
	 */
	synchronized boolean rely(Opened when, String now, long mark) {
		if (!this.open || !now.equals(this.life) || !opened().equals(when)) {
			return false;
		}
		this.relied = Math.max(this.relied, mark);
		return true;
	}

	synchronized boolean isDue(long now) {
		return !this.asking && this.due - now <= 0;
	}

	/** Returns null when one is under way. */
	synchronized @Nullable Question question(Duration lease) {
		if (this.asking || this.closed) {
			return null;
		}
		this.asking = true;
		boolean lapsed = !this.lineage.isEmpty() && this.environment.nanoTime() - this.renewed > lease.toNanos();
		// one whose lease was over may be missed by those who have gone on without it
		return new Question(lapsed ? "?" : this.lineage, this.term, this.relied, this.life, this.unregistered,
				this.boundUntil - this.environment.nanoTime() > 0);
	}

	synchronized void unheard(Duration pause) {
		this.asking = false;
		this.due = this.environment.nanoTime() + pause.toNanos();
	}

	/**
	 * From here on nothing is shown of the server before.
	 * @return whether that has to be told to the new one
	 */
	synchronized boolean promise(String next, Duration pause, Duration bound) {
		this.asking = false;
		this.open = false;
		boolean news = !this.life.equals(next);
		if (news) {
			this.boundUntil = this.environment.nanoTime() + bound.toNanos();
		}
		this.life = next;
		this.due = this.environment.nanoTime() + pause.toNanos();
		return news;
	}

	/** Returns whether it is open; otherwise the replicas must know this node first. */
	synchronized boolean accept(Opened found, String how, Duration renewal) {
		if (!this.lineage.equals(found.lineage())) {
			this.relied = 0;
		}
		if (!opened().equals(found)) {
			this.open = false;
		}
		this.lineage = found.lineage();
		this.term = found.term();
		this.life = found.life();
		this.renewed = this.environment.nanoTime();
		this.boundUntil = this.renewed;
		if (how.equals("began")) {
			this.unregistered = false;
		}
		else if (how.equals("joined")) {
			this.unregistered = true;
		}
		if (this.unregistered) {
			this.open = false;
			return false;
		}
		registered(found, renewal);
		return true;
	}

	synchronized void registered(Opened found, Duration renewal) {
		this.asking = false;
		this.unregistered = !opened().equals(found);
		this.open = !this.unregistered && !this.closed;
		this.due = this.environment.nanoTime() + (this.unregistered ? 0 : renewal.toNanos());
	}

	synchronized void unregistered(Duration pause) {
		this.unregistered = true;
		unheard(pause);
	}

	/** Sends what waits, those that came back first. */
	synchronized List<Continuity.Sent> resume(Function<ContinuedCall<?>, Continuity.Sent> send) {
		List<Continuity.Sent> sent = new ArrayList<>();
		if (this.open) {
			this.again.forEach((call) -> sent.add(send.apply(call)));
			this.held.forEach((call) -> sent.add(send.apply(call)));
			this.again.clear();
			this.held.clear();
		}
		return sent;
	}

	/** Fails what has waited too long. */
	void expire(long now, String why) {
		List<ContinuedCall<?>> late = new ArrayList<>();
		synchronized (this) {
			for (Queue<ContinuedCall<?>> queue : List.of(this.again, this.held)) {
				while (!queue.isEmpty() && (this.closed || queue.peek().deadline - now <= 0)) {
					late.add(queue.remove());
				}
			}
		}
		late.forEach((call) -> call.completeExceptionally(TakeoverException.notYet(why)));
	}

	/** Returns where this node must leave, or null. */
	@Nullable Opened close() {
		Opened left;
		synchronized (this) {
			this.closed = true;
			left = this.open ? opened() : null;
			this.open = false;
		}
		expire(this.environment.nanoTime(), CLOSING);
		return left;
	}

	/** A lineage in one term on one server. */
	record Opened(String lineage, long term, String life) {
	}

	/** What the node tells when it compares. */
	record Question(String lineage, long term, long mark, String life, boolean stranger, boolean bound) {
	}

}
