package dev.realtime.bench.load;

import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

/**
 * One client over all its connections: it comes back with its position, and must get
 * every message once and in order. Confined to the load's event loop.
 */
final class ReturningClient implements PeerListener {

	/** Restart: the node leaves. */
	private static final int RESTART = 1_012;

	/** A client that was cut tries again within this time. */
	private static final int PAUSE_MILLIS = 2_000;

	private static final int MOST_BACKOFF_MILLIS = 30_000;

	private final ReturningClients all;

	private final int id;

	private final String topic;

	/** Null while it is away. */
	private @Nullable Peer peer;

	/** That its last attempt did not reach; 0 if it did. */
	int failedPort;

	private boolean live;

	/** Whether everything that was missed has arrived. */
	private boolean back;

	private String epoch = "";

	/** The position's number. */
	private long seq;

	/** Messages up to this number are replayed. */
	private long liveFrom;

	/** The last message's number; 0 before the first. */
	private long last;

	private long received;

	/** Connections that failed since it was live. */
	private int failures;

	private boolean wasCut;

	private boolean wasAdvised;

	private long connectNanos;

	private long subscribeNanos;

	ReturningClient(ReturningClients all, int id, String topic) {
		this.all = all;
		this.id = id;
		this.topic = topic;
	}

	String topic() {
		return this.topic;
	}

	long received() {
		return this.received;
	}

	/** Makes the next connection. */
	Peer next(Load load) {
		this.connectNanos = System.nanoTime();
		this.wasCut = false;
		this.wasAdvised = false;
		String position = this.epoch.isEmpty() ? "" : "epoch:" + this.epoch + "\nlast-seq:" + this.seq + '\n';
		Peer made = new Peer(load, this.id, this.topic, position, this);
		this.peer = made;
		return made;
	}

	/** Cuts the connection without a word; false if there is none. */
	boolean cut(boolean reset) {
		Peer known = this.peer;
		if (known == null || !known.isOpen()) {
			return false;
		}
		this.wasCut = true;
		known.cut(reset);
		return true;
	}

	@Override
	public void subscribing() {
		this.subscribeNanos = System.nanoTime();
	}

	@Override
	public void live(String epoch, long seq) {
		if (this.epoch.isEmpty()) {
			this.epoch = epoch;
			this.seq = seq;
		}
		else if (!this.epoch.equals(epoch)) {
			failed("the epoch " + this.epoch + " became " + epoch);
		}
		this.live = true;
		this.liveFrom = seq;
		this.failures = 0;
		lookIfBack();
	}

	@Override
	public void received(long number) {
		if (this.last != 0 && number != this.last + 1) {
			this.all.disordered("client " + this.id + " got message " + number + " after " + this.last);
		}
		this.last = number;
		this.seq++;
		this.received++;
		if (!this.back) {
			this.all.replayed();
			lookIfBack();
		}
	}

	private void lookIfBack() {
		if (this.live && !this.back && this.seq >= this.liveFrom) {
			this.back = true;
			long now = System.nanoTime();
			this.all.back(now - this.connectNanos, now - this.subscribeNanos);
		}
	}

	/** Closes by itself at that time, if the server has not done it before. */
	@Override
	public void advised(long afterMillis) {
		Peer known = this.peer;
		this.wasAdvised = true;
		this.all.after(afterMillis, () -> {
			if (known != null && this.peer == known) {
				known.cut(false);
			}
		});
	}

	@Override
	public void closing(int code) {
		if (code == RESTART) {
			this.wasAdvised = true;
		}
		else {
			this.all.ended("closed with " + code);
		}
		Peer known = this.peer;
		if (known != null) {
			known.cut(false);
		}
	}

	@Override
	public void failed(String what) {
		this.all.failed("client " + this.id + ": " + what);
	}

	@Override
	public void broken(String why) {
		this.all.ended(why);
	}

	@Override
	public void closed() {
		if (this.peer == null) {
			return;
		}
		this.peer = null;
		if (this.back) {
			this.all.left();
		}
		this.live = false;
		this.back = false;
		this.all.connectAfter(pause(), this);
	}

	/** An announced delay overrides the backoff, which has full jitter. */
	private int pause() {
		if (this.wasAdvised) {
			return 0;
		}
		int most = this.wasCut ? PAUSE_MILLIS : Math.min(MOST_BACKOFF_MILLIS, 1_000 << Math.min(this.failures++, 5));
		return ThreadLocalRandom.current().nextInt(most);
	}

}
