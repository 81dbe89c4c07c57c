package dev.realtime.spring.upgrade;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * A socket's output, in many interleavings of the shard that writes, the thread on which
 * the socket has room and the one on which it is closed.
 */
class SocketOutputInterleavingTests {

	private static final int INTERLEAVINGS = Integer.getInteger("interleavings", 1_000);

	@Test
	void aWriteIsDoneExactlyOnce() {
		Lincheck.runConcurrentTest(INTERLEAVINGS, () -> {
			AtomicInteger done = new AtomicInteger();
			FullSocket socket = new FullSocket();
			SocketOutput output = new SocketOutput(socket);
			Thread room = new Thread(() -> socket.hasRoom(output));
			Thread end = new Thread(() -> {
				boolean unused = output.closed(new EOFException());
			});
			room.start();
			end.start();
			output.write(ByteBuffer.allocate(1), (failure) -> done.incrementAndGet());
			join(room);
			join(end);
			if (done.get() != 1) {
				throw new AssertionError("It was done " + done + " times");
			}
		});
	}

	private static void join(Thread thread) {
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	/** Takes nothing until it has room. */
	private static final class FullSocket implements SocketOutput.Sink {

		private final AtomicBoolean hasRoom = new AtomicBoolean();

		void hasRoom(SocketOutput output) {
			this.hasRoom.set(true);
			try {
				output.writable();
			}
			catch (IOException ex) {
				throw new AssertionError(ex);
			}
		}

		@Override
		public boolean taken(ByteBuffer bytes) {
			return this.hasRoom.get();
		}

		@Override
		public void awaitRoom(ByteBuffer next) {
		}

		@Override
		public void end() {
		}

	}

}
