package dev.realtime.spring.upgrade;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.connection.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Writes to one socket, in order and without blocking. What the socket does not take
 * waits: one batch at most, and control frames. Safe for any number of threads.
 */
final class SocketOutput {

	private final Sink sink;

	private volatile boolean open = true;

	/** What the socket has not taken yet; null when nothing is being written. */
	@GuardedBy("this")
	private @Nullable ArrayDeque<ByteBuffer> waiting;

	/** Told when what waits was written. */
	@GuardedBy("this")
	private Transport.@Nullable Completion done;

	@GuardedBy("this")
	private boolean ends;

	SocketOutput(Sink sink) {
		this.sink = sink;
	}

	boolean isOpen() {
		return this.open;
	}

	synchronized boolean isWriting() {
		return this.waiting != null;
	}

	/** Writes a batch, as {@link UpgradedSocket#write} says. */
	void write(ByteBuffer bytes, Transport.Completion completion) {
		@Nullable Throwable failure = null;
		synchronized (this) {
			if (!this.open) {
				failure = new EOFException("The connection is closed");
			}
			else {
				try {
					if (this.waiting != null || !this.sink.taken(bytes)) {
						this.done = completion;
						await(copy(bytes));
						return;
					}
				}
				catch (IOException ex) {
					failure = ex;
				}
			}
		}
		completion.done(failure);
	}

	/**
	 * Writes a control frame, after what is being written.
	 * @throws IOException if the socket is of no more use
	 */
	synchronized void control(ByteBuffer bytes) throws IOException {
		if (this.open && (this.waiting != null || !this.sink.taken(bytes))) {
			await(bytes);
		}
	}

	/** Ends our half of the connection, after what is being written. */
	synchronized void end() {
		this.ends = true;
		if (this.waiting == null) {
			this.sink.end();
		}
	}

	/** Goes on with what waits; the socket has room. */
	void writable() throws IOException {
		Transport.Completion completion;
		synchronized (this) {
			ArrayDeque<ByteBuffer> rest = this.waiting;
			if (rest == null) {
				return;
			}
			for (ByteBuffer next = rest.peek(); next != null; next = rest.peek()) {
				if (!this.sink.taken(next)) {
					this.sink.awaitRoom(next);
					return;
				}
				rest.remove();
			}
			this.waiting = null;
			completion = this.done;
			this.done = null;
			if (this.ends) {
				this.sink.end();
			}
		}
		if (completion != null) {
			completion.done(null);
		}
	}

	/**
	 * Forgets what waits, because the socket is closed.
	 * @return false if that was known
	 */
	boolean closed(Throwable why) {
		Transport.Completion waits;
		synchronized (this) {
			if (!this.open) {
				return false;
			}
			this.open = false;
			waits = this.done;
			this.done = null;
			this.waiting = null;
		}
		if (waits != null) {
			waits.done(why);
		}
		return true;
	}

	@GuardedBy("this")
	private void await(ByteBuffer bytes) {
		ArrayDeque<ByteBuffer> rest = this.waiting;
		if (rest == null) {
			rest = new ArrayDeque<>(2);
			this.waiting = rest;
			rest.add(bytes);
			this.sink.awaitRoom(bytes);
		}
		else {
			rest.add(bytes);
		}
	}

	private static ByteBuffer copy(ByteBuffer bytes) {
		return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
	}

	/** The socket itself. Called by one thread at a time. */
	interface Sink {

		/** Whether the socket takes all of it now. */
		boolean taken(ByteBuffer bytes) throws IOException;

		/**
		 * Asks for a call of {@link #writable}, on another thread, when there is room.
		 * @param next what will be written first; the socket may begin with it
		 */
		void awaitRoom(ByteBuffer next);

		/** Ends our half of the connection. */
		void end();

	}

}
