package dev.realtime.spring.web;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

import dev.realtime.connection.Transport;
import org.jspecify.annotations.Nullable;

/**
 * What is still to be written on a servlet container's non-blocking output. A write is
 * complete when the container has taken it and can take more. Any thread may add; the
 * others are called by one thread at a time.
 */
final class PendingWrites {

	/** A longer answer is written in pieces, to see whether the client reads it. */
	private static final int PIECE_BYTES = 32_768;

	private final Queue<Piece> waiting = new ConcurrentLinkedQueue<>();

	/** Taken by the container, which may not have written them yet. */
	private final Queue<Piece> taken = new ArrayDeque<>(2);

	private int written;

	/** Adds bytes that are written at once. Any thread. */
	void add(byte[] bytes, Transport.Completion done) {
		this.waiting.add(new Piece(bytes, 0, bytes.length, done));
	}

	/** Adds an answer, in pieces. Any thread. */
	void addAnswer(byte[] body) {
		for (int start = 0; start < body.length; start += PIECE_BYTES) {
			this.waiting.add(new Piece(body, start, Math.min(PIECE_BYTES, body.length - start), (failure) -> {
			}));
		}
	}

	/** Whether nothing waits to be taken by the container. */
	boolean isEmpty() {
		return this.waiting.isEmpty();
	}

	/** How many pieces the container has taken. */
	int written() {
		return this.written;
	}

	/**
	 * Gives the next piece to the container, which must be ready for it.
	 * @return whether there was one
	 */
	boolean writeNext(OutputStream out) throws IOException {
		Piece next = this.waiting.poll();
		if (next == null) {
			return false;
		}
		this.taken.add(next);
		this.written++;
		out.write(next.bytes(), next.start(), next.length());
		return true;
	}

	/**
	 * Completes what the container has taken.
	 * @param tell runs without a lock what it is given: those who wrote take their own
	 */
	void completeTaken(Consumer<Runnable> tell) {
		complete(this.taken, null, tell);
	}

	/**
	 * Fails all that is not complete.
	 * @param tell runs without a lock what it is given
	 */
	void fail(IOException failure, Consumer<Runnable> tell) {
		complete(this.taken, failure, tell);
		complete(this.waiting, failure, tell);
	}

	private static void complete(Queue<Piece> pieces, @Nullable IOException failure, Consumer<Runnable> tell) {
		for (Piece piece = pieces.poll(); piece != null; piece = pieces.poll()) {
			Transport.Completion done = piece.done();
			tell.accept(() -> done.done(failure));
		}
	}

	@SuppressWarnings("ArrayRecordComponent") // Never compared.
	private record Piece(byte[] bytes, int start, int length, Transport.Completion done) {

	}

}
