package dev.realtime.spring.stream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.TransportKind;

/**
 * Writes a session's frames as Server-Sent Events. What waits for a slow client waits in
 * its connection's queue, as with WebSockets: at most one batch is on its way to the
 * socket.
 */
final class SseTransport extends StreamTransport {

	/** About what a socket's send buffer takes at once. */
	private static final int BATCH_BYTES = 32_768;

	/** The clock is looked at about once a second. */
	private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** A busy node may be late itself. */
	private static final long LONGEST_BEAT_NANOS = TimeUnit.SECONDS.toNanos(10);

	private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

	private static final StreamAnswer HEAD = head();

	private final StreamEvents events;

	private final long heartbeatNanos;

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private boolean begun;

	private long lastWriteNanos = System.nanoTime();

	/** A heartbeat is on its way. */
	private boolean beating;

	/** A batch is on its way: the hub knows how long that may take. */
	private boolean writing;

	SseTransport(Exchange exchange, StreamEvents events, Duration heartbeat) {
		super(exchange);
		this.events = events;
		this.heartbeatNanos = heartbeat.toNanos();
		EventWriter.beginning(this.out, ThreadLocalRandom.current().nextLong(1_000, 4_000));
	}

	@Override
	public TransportKind kind() {
		return TransportKind.SSE;
	}

	@Override
	public int batchBytes() {
		return BATCH_BYTES;
	}

	/**
	 * A client that does not even take a heartbeat before the next one is due is gone.
	 */
	@Override
	public synchronized boolean probe(long nanos) {
		long now = System.nanoTime();
		if (isOver() || this.writing || !this.begun || now - this.lastWriteNanos + TICK_NANOS < this.heartbeatNanos) {
			return true;
		}
		if (this.beating) {
			return now - this.lastWriteNanos < Math.max(this.heartbeatNanos, LONGEST_BEAT_NANOS);
		}
		this.beating = true;
		this.lastWriteNanos = now;
		this.exchange.write(HEARTBEAT, (failure) -> beaten());
		return true;
	}

	private synchronized void written() {
		this.writing = false;
	}

	private synchronized void beaten() {
		this.beating = false;
	}

	@Override
	void opened() {
		this.begun = true;
		this.exchange.begin(HEAD);
	}

	@Override
	void received(ServerFrame frame) {
		StreamEvent event = this.events.of(frame);
		if (event != null) {
			this.events.written(event, frame);
			EventWriter.event(this.out, event, event.positioned() ? this.events.position() : null);
		}
	}

	/** Some events may come before CONNECTED, which Spring sends on its own thread. */
	@Override
	void flush(Completion done) {
		if (!this.begun || this.out.size() == 0) {
			done.done(null);
			return;
		}
		byte[] bytes = this.out.toByteArray();
		this.out.reset();
		this.lastWriteNanos = System.nanoTime();
		this.writing = true;
		this.exchange.write(bytes, (failure) -> {
			written();
			done.done(failure);
		});
	}

	/**
	 * A node that is leaving, or out of service, ends the stream as one that had begun: a
	 * browser's {@code EventSource} never comes back after a status other than 200.
	 */
	@Override
	synchronized void closed(CloseReason reason) {
		if (!this.begun && reason.code() != CloseReason.RESTART.code()) {
			this.exchange.answer(refusal(reason));
			return;
		}
		if (!this.begun) {
			opened();
		}
		EventWriter.event(this.out,
				StreamEvent.of("closed", null, Documents.closed(reason.code(), reason.text()), false), null);
		flush((failure) -> {
		});
		this.exchange.end();
	}

	private static StreamAnswer head() {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("Content-Type", "text/event-stream;charset=UTF-8");
		headers.put("Cache-Control", "no-store, no-transform");
		headers.put("X-Accel-Buffering", "no");
		return new StreamAnswer(200, headers, new byte[0]);
	}

}
