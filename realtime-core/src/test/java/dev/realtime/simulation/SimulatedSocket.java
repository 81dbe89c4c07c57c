package dev.realtime.simulation;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.Transport;
import dev.realtime.delivery.Batch;
import dev.realtime.delivery.Frame;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;

/** A socket between a node and a client; the client may stop reading. */
final class SimulatedSocket implements Transport {

	/** What gets out of the socket, on the client's side. */
	interface Receiver {

		void onFrame(String text);

		void onClosed(CloseReason reason);

		/** The node has begun a write while the one before was not done. */
		void onOverlappingWrite();

	}

	private final Wire toClient;

	/** The node's thread for its sockets. */
	private final Loop door;

	private final Receiver receiver;

	private final List<Completion> stuck = new ArrayList<>();

	private @Nullable Connection connection;

	private boolean reading = true;

	private boolean closed;

	private @Nullable Throwable nextWrite;

	private boolean writing;

	SimulatedSocket(Wire toClient, Loop door, Receiver receiver) {
		this.toClient = toClient;
		this.door = door;
		this.receiver = receiver;
	}

	void belongsTo(Connection connection) {
		this.connection = connection;
		if (this.closed) {
			this.door.execute(connection::closed);
		}
	}

	@Override
	public void write(Batch batch, Completion done) {
		Throwable failure = this.nextWrite;
		this.nextWrite = null;
		SimulatedNode.fail(failure);
		if (this.writing) {
			this.receiver.onOverlappingWrite();
		}
		if (this.closed) {
			done.done(new IllegalStateException("closed"));
			return;
		}
		for (Frame frame : batch.frames()) {
			String text = String.valueOf(frame.text());
			this.toClient.send(() -> this.receiver.onFrame(text));
		}
		if (!this.reading) {
			this.writing = true;
			this.stuck.add(done);
		}
		else if (this.door.environment().random().nextBoolean()) {
			done.done(null);
		}
		else {
			this.writing = true;
			this.door.execute(() -> done(done));
		}
	}

	@Override
	public int batchBytes() {
		return 4_096;
	}

	/** The node closes it. */
	@Override
	public void close(CloseReason reason) {
		if (!this.closed) {
			this.closed = true;
			this.toClient.send(() -> this.receiver.onClosed(reason));
			reportClosed();
		}
	}

	/** The client closes it, or the network does. */
	void breakOff() {
		if (!this.closed) {
			this.closed = true;
			reportClosed();
		}
	}

	void stopReading() {
		this.reading = false;
	}

	void readAgain() {
		this.reading = true;
		List<Completion> waiting = List.copyOf(this.stuck);
		this.stuck.clear();
		waiting.forEach((done) -> this.door.execute(() -> done(done)));
	}

	void failNextWrite(@Nullable Throwable failure) {
		this.nextWrite = failure;
	}

	private void done(Completion done) {
		this.writing = false;
		done.done(null);
	}

	private void reportClosed() {
		Connection known = this.connection;
		if (known != null) {
			this.door.execute(known::closed);
		}
	}

}
