package dev.realtime.spring.stream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.TransportKind;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * Answers one poll: as soon as there is news and it is known of each subscription where
 * it stands, or when the time is over. What does not fit comes with the next poll, whose
 * position is the one that this answer gives.
 */
final class PollTransport extends StreamTransport {

	/** In the answer's header: the position by then. */
	static final String POSITION = "Realtime-Position";

	/** All that waits comes in one piece. */
	private static final int BATCH_BYTES = 1 << 20;

	private static final int MAX_MESSAGES = 500;

	private static final int MAX_BYTES = 1 << 20;

	private static final byte[] EVENT = "{\"event\":\"".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] NEXT = "\",".getBytes(StandardCharsets.US_ASCII);

	private final StreamEvents events;

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private int messages;

	private boolean full;

	/** Something that is not to wait. */
	private boolean news;

	/** Something that has to be said in the end, news or not. */
	private boolean tells;

	private Loop.@Nullable Delayed deadline;

	PollTransport(Exchange exchange, StreamEvents events) {
		super(exchange);
		this.events = events;
	}

	/** Starts the clock. */
	synchronized void waitFor(Duration timeout) {
		this.deadline = this.exchange.later(timeout, this::timeOver);
	}

	/** On the timer's thread. */
	private synchronized void timeOver() {
		if (!isOver()) {
			answer();
		}
	}

	@Override
	public TransportKind kind() {
		return TransportKind.POLL;
	}

	@Override
	public int batchBytes() {
		return BATCH_BYTES;
	}

	@Override
	void opened() {
	}

	/**
	 * When the answer is full, nothing moves the position any more: neither messages nor
	 * the gaps behind them.
	 */
	@Override
	void received(ServerFrame frame) {
		StreamEvent event = this.events.of(frame);
		if (event == null || (this.full && event.positioned())) {
			return;
		}
		this.events.written(event, frame);
		if (this.out.size() > 0) {
			this.out.write(',');
		}
		this.out.writeBytes(EVENT);
		this.out.writeBytes(event.name().getBytes(StandardCharsets.US_ASCII));
		this.out.writeBytes(NEXT);
		this.out.writeBytes(event.fields());
		this.out.writeBytes(event.document());
		this.news |= event.news();
		this.tells |= event.news() || !event.name().equals("subscribed");
		this.messages += event.name().equals(StreamEvent.MESSAGE) ? 1 : 0;
		this.full = this.messages >= MAX_MESSAGES || this.out.size() >= MAX_BYTES;
	}

	@Override
	synchronized void flush(Completion done) {
		done.done(null);
		if (this.full || (this.news && this.events.areSettled())) {
			answer();
		}
	}

	@Override
	synchronized void closed(CloseReason reason) {
		stopClock();
		if (this.tells) {
			this.exchange.answer(document());
		}
		else {
			this.exchange.answer(refusal(reason));
		}
	}

	private synchronized void answer() {
		stopClock();
		// The client may ask again as soon as it has the answer.
		over(CloseStatus.NORMAL);
		this.exchange.answer(this.tells ? document() : StreamAnswer.empty(204).with(POSITION, this.events.position()));
	}

	private void stopClock() {
		if (this.deadline != null) {
			this.deadline.cancel();
		}
	}

	private StreamAnswer document() {
		ByteArrayOutputStream body = new ByteArrayOutputStream(this.out.size() + 128);
		body.writeBytes(
				("{\"position\":\"" + this.events.position() + "\",\"events\":[").getBytes(StandardCharsets.US_ASCII));
		body.writeBytes(this.out.toByteArray());
		body.writeBytes("]}".getBytes(StandardCharsets.US_ASCII));
		return StreamAnswer.document(body.toByteArray());
	}

}
