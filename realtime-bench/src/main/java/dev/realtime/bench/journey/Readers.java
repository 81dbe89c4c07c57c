package dev.realtime.bench.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The clients' ends of the sockets, read by one thread that throws away what it reads.
 */
final class Readers implements AutoCloseable {

	private static final int BUFFER_BYTES = 65_536;

	private final Selector selector;

	private final List<SocketChannel> ends = new ArrayList<>();

	private final List<SocketChannel> nodeEnds = new ArrayList<>();

	private Readers(Selector selector) {
		this.selector = selector;
	}

	/** Makes so many sockets and begins to read. */
	static Readers open(int count) {
		try {
			Readers readers = new Readers(Selector.open());
			try (ServerSocketChannel door = ServerSocketChannel.open()
				.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
				for (int i = 0; i < count; i++) {
					readers.add(SocketChannel.open(door.getLocalAddress()), door.accept());
				}
			}
			Thread thread = new Thread(readers::read, "journey-readers");
			thread.setDaemon(true);
			thread.start();
			return readers;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The node's ends, one for each client. */
	List<SocketChannel> nodeEnds() {
		return this.nodeEnds;
	}

	@Override
	public void close() {
		try {
			this.selector.close();
			for (SocketChannel end : this.ends) {
				end.close();
			}
			for (SocketChannel end : this.nodeEnds) {
				end.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void add(SocketChannel end, SocketChannel nodeEnd) throws IOException {
		end.configureBlocking(false);
		SelectionKey unused = end.register(this.selector, SelectionKey.OP_READ);
		nodeEnd.configureBlocking(false);
		nodeEnd.setOption(StandardSocketOptions.TCP_NODELAY, true);
		this.ends.add(end);
		this.nodeEnds.add(nodeEnd);
	}

	private void read() {
		ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
		try {
			while (this.selector.isOpen()) {
				int unused = this.selector.select((key) -> discard(key, buffer));
			}
		}
		catch (IOException | java.nio.channels.ClosedSelectorException ex) {
			// The sockets are closed.
		}
	}

	private static void discard(SelectionKey key, ByteBuffer buffer) {
		try {
			if (((SocketChannel) key.channel()).read(buffer.clear()) < 0) {
				key.cancel();
			}
		}
		catch (IOException ex) {
			key.cancel();
		}
	}

}
