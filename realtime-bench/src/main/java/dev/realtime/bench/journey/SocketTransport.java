package dev.realtime.bench.journey;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Transport;
import dev.realtime.delivery.Batch;

/**
 * Writes to a socket of this machine at once, and stamps what it writes. The readers are
 * quick: a socket that does not take everything is a failure.
 */
final class SocketTransport implements Transport {

	private static final int BATCH_BYTES = 65_536;

	private final SocketChannel channel;

	private final Stamps stamps;

	/** Read by others once the hub has counted the writes. */
	private long messages;

	SocketTransport(SocketChannel channel, Stamps stamps) {
		this.channel = channel;
		this.stamps = stamps;
	}

	@Override
	public void write(Batch batch, Completion done) {
		BatchBytes encoded = batch.encoding(BatchBytes.class, BatchBytes::new);
		ByteBuffer bytes = encoded.bytes();
		try {
			long begin = System.nanoTime();
			int unused = this.channel.write(bytes);
			this.stamps.written(encoded.numbers(), begin, System.nanoTime());
			if (bytes.hasRemaining()) {
				done.done(new IOException("The socket is full"));
				return;
			}
			this.messages += encoded.numbers().length;
			done.done(null);
		}
		catch (IOException ex) {
			done.done(ex);
		}
	}

	@Override
	public int batchBytes() {
		return BATCH_BYTES;
	}

	@Override
	public void close(CloseReason reason) {
		try {
			this.channel.close();
		}
		catch (IOException ex) {
			// It is closed then.
		}
	}

	/** Messages that the socket has taken. */
	long messages() {
		return this.messages;
	}

}
