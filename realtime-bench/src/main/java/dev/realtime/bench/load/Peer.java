package dev.realtime.bench.load;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One client: its WebSocket, and whether it got every message once and in order. Confined
 * to the load's event loop.
 */
public final class Peer extends WebSocket {

	private final Load load;

	private final int id;

	private final String topic;

	private final String resume;

	/** Null for a client of one connection, which the load counts. */
	private final @Nullable PeerListener listener;

	private boolean live;

	private String epoch = "";

	private long seqAtLive;

	/** The last message's number; 0 before the first. */
	private long last;

	private long received;

	Peer(Load load, int id, String topic, String resume) {
		this(load, id, topic, resume, null);
	}

	/** One connection of a client that may have others after it. */
	Peer(Load load, int id, String topic, String resume, @Nullable PeerListener listener) {
		this.listener = listener;
		this.load = load;
		this.id = id;
		this.topic = topic;
		this.resume = resume;
	}

	int id() {
		return this.id;
	}

	String topic() {
		return this.topic;
	}

	/** Headers that SUBSCRIBE gets, to recover. */
	String resume() {
		return this.resume;
	}

	/** The same headers for a client that returns to where this one is. */
	public String position() {
		return "epoch:" + this.epoch + "\nlast-seq:" + (this.seqAtLive + this.received) + '\n';
	}

	/** Messages that came. */
	public long received() {
		return this.received;
	}

	/** The next message that must come is the one after this number. */
	public void expectAfter(long number) {
		this.last = number;
	}

	@Override
	protected void opened() {
		this.load.dialect().opened(this);
	}

	@Override
	protected void refused(String answer) {
		fail(answer.lines().findFirst().orElse(""));
	}

	@Override
	protected void message(ByteBuf bytes, int start, int length) {
		this.load.dialect().message(this, bytes, start, length);
	}

	@Override
	protected void readCompleted() {
		this.load.progressed();
	}

	@Override
	protected void closing(int code, String reason) {
		if (this.listener != null) {
			this.listener.closing(code);
		}
		else {
			fail("closed " + code);
		}
	}

	@Override
	protected void broken(Throwable cause) {
		if (this.listener != null) {
			this.listener.broken(String.valueOf(cause.getMessage()));
		}
		else {
			fail(String.valueOf(cause));
		}
	}

	@Override
	protected void closed() {
		this.load.closed(this, this.live);
		this.live = false;
		if (this.listener != null) {
			this.listener.closed();
		}
	}

	void live(String epoch, long seq) {
		if (!this.live) {
			this.live = true;
			this.epoch = epoch;
			this.seqAtLive = seq;
			this.load.becameLive();
			if (this.listener != null) {
				this.listener.live(epoch, seq);
			}
		}
	}

	void subscribing() {
		if (this.listener != null) {
			this.listener.subscribing();
		}
	}

	void advised(long afterMillis) {
		if (this.listener != null) {
			this.listener.advised(afterMillis);
		}
	}

	void gap(String event) {
		if (this.listener != null) {
			this.listener.failed(event);
		}
	}

	void received(long number, long intendedNanos) {
		if (this.listener != null) {
			this.listener.received(number);
		}
		else if (this.last != 0 && number != this.last + 1) {
			this.load.disordered("client " + this.id + " got message " + number + " after " + this.last);
		}
		this.last = number;
		this.received++;
		this.load.received(intendedNanos);
	}

	void fail(String what) {
		if (this.listener != null) {
			this.listener.failed(what);
		}
		else {
			this.load.failed(what);
		}
	}

}
