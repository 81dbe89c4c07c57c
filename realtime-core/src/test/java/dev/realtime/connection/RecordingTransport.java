package dev.realtime.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.delivery.Batch;
import org.jspecify.annotations.Nullable;

/** A socket that remembers what it was given, and that can stop reading. */
public final class RecordingTransport implements Transport {

	public final List<String> frames = new CopyOnWriteArrayList<>();

	public final List<Integer> batches = new CopyOnWriteArrayList<>();

	private final List<Completion> stuck = new ArrayList<>();

	private boolean reading = true;

	public volatile @Nullable CloseReason closed;

	public volatile Runnable onWrite = () -> {
	};

	@Override
	public synchronized void write(Batch batch, Completion done) {
		this.onWrite.run();
		this.batches.add(batch.frames().size());
		batch.frames().forEach((frame) -> this.frames.add(String.valueOf(frame.text())));
		if (this.reading) {
			done.done(null);
		}
		else {
			this.stuck.add(done);
		}
	}

	@Override
	public int batchBytes() {
		return 8_192;
	}

	@Override
	public void close(CloseReason reason) {
		this.closed = reason;
	}

	public synchronized void stopReading() {
		this.reading = false;
	}

	public synchronized void readAgain() {
		this.reading = true;
		List<Completion> waiting = List.copyOf(this.stuck);
		this.stuck.clear();
		waiting.forEach((done) -> done.done(null));
	}

	public List<String> messages() {
		return this.frames.stream().filter((frame) -> frame.startsWith("message ")).toList();
	}

	public List<String> others() {
		return this.frames.stream().filter((frame) -> !frame.startsWith("message ")).toList();
	}

	public List<Long> seqs() {
		return messages().stream().map((frame) -> Long.parseLong(frame.split(" ", -1)[2])).toList();
	}

}
