package dev.realtime.bench.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The one thread that writes: what is ready is one array, and each client gets it in one
 * write.
 */
final class UpgradeShard {

	private static final int MOST_AT_ONCE = 64;

	private static final int SHORT_FRAME = 126;

	private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

	// Confined to the thread from here on.

	private final List<UpgradedClient> clients = new ArrayList<>();

	private final List<byte[]> ready = new ArrayList<>();

	private long seq;

	void start() {
		new Thread(this::run, "upgrade-shard").start();
	}

	/** Does something on the thread. */
	void execute(Runnable task) {
		this.tasks.add(task);
	}

	void publish(String body) {
		execute(() -> this.ready.add(frame(BareFrames.message(++this.seq, body))));
	}

	/** From now on the client gets every message. */
	void add(UpgradedClient client) {
		execute(() -> {
			flush();
			client.index = this.clients.size();
			this.clients.add(client);
			client.write(frame(BareFrames.LIVE.getBytes(StandardCharsets.UTF_8)));
		});
	}

	void remove(UpgradedClient client) {
		execute(() -> {
			int index = client.index;
			if (index >= 0) {
				client.index = -1;
				UpgradedClient last = this.clients.remove(this.clients.size() - 1);
				if (last != client) {
					this.clients.set(index, last);
					last.index = index;
				}
			}
		});
	}

	/** A text as a WebSocket frame. */
	static byte[] frame(byte[] text) {
		boolean small = text.length < SHORT_FRAME;
		ByteBuffer frame = ByteBuffer.allocate(text.length + (small ? 2 : 4)).put((byte) 0x81);
		if (small) {
			frame.put((byte) text.length);
		}
		else {
			frame.put((byte) SHORT_FRAME).putShort((short) text.length);
		}
		return frame.put(text).array();
	}

	private void run() {
		try {
			while (true) {
				this.tasks.take().run();
				for (int i = 1; i < MOST_AT_ONCE; i++) {
					Runnable next = this.tasks.poll();
					if (next == null) {
						break;
					}
					next.run();
				}
				flush();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void flush() {
		if (this.ready.isEmpty()) {
			return;
		}
		ByteBuffer all = ByteBuffer.allocate(this.ready.stream().mapToInt((frame) -> frame.length).sum());
		this.ready.forEach(all::put);
		this.ready.clear();
		for (int i = 0; i < this.clients.size(); i++) {
			this.clients.get(i).write(all.array());
		}
	}

}
