package dev.realtime.spring.stream;

import java.time.Duration;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.TransportKind;
import dev.realtime.json.Json;
import dev.realtime.loop.Loop;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/** Answers one SEND with what became of it. */
final class SendTransport extends StreamTransport {

	/** The receipt that the SEND asks for. */
	static final String RECEIPT = "sent";

	/** Longer than the store may take. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final int BATCH_BYTES = 8_192;

	private Loop.@Nullable Delayed deadline;

	private @Nullable StreamAnswer answer;

	SendTransport(Exchange exchange) {
		super(exchange);
	}

	/** Starts the clock. */
	synchronized void waitForAnswer() {
		this.deadline = this.exchange.later(PATIENCE, this::timeOver);
	}

	private synchronized void timeOver() {
		if (!isOver()) {
			answer(StreamAnswer.problem(503, "no-answer",
					"No answer has arrived; check that the destination exists, and if it does, send again with "
							+ "the same id"));
		}
	}

	@Override
	public TransportKind kind() {
		return TransportKind.SEND;
	}

	@Override
	public int batchBytes() {
		return BATCH_BYTES;
	}

	@Override
	void opened() {
	}

	@Override
	void received(ServerFrame frame) {
		if (frame.command().equals("RECEIPT") && RECEIPT.equals(frame.header("receipt-id"))) {
			this.answer = receipt(frame);
		}
		else if ("denied".equals(frame.header("event")) && RECEIPT.equals(frame.header("receipt-id"))) {
			this.answer = CloseAnswers.denied(frame.header("reason"), frame.header("message"),
					frame.header(StompFrames.RETRY_AFTER));
		}
	}

	@Override
	synchronized void flush(Completion done) {
		done.done(null);
		if (this.answer != null) {
			answer(this.answer);
		}
	}

	@Override
	synchronized void closed(CloseReason reason) {
		stopClock();
		this.exchange.answer(refusal(reason));
	}

	private synchronized void answer(StreamAnswer given) {
		stopClock();
		// The client may ask again as soon as it has the answer.
		over(CloseStatus.NORMAL);
		this.exchange.answer(given);
	}

	private void stopClock() {
		if (this.deadline != null) {
			this.deadline.cancel();
		}
	}

	/** Application code has no position: it may have published anything. */
	private static StreamAnswer receipt(ServerFrame frame) {
		String topic = frame.header("topic");
		String epoch = frame.header("epoch");
		String seq = frame.header("seq");
		if (topic == null || epoch == null || seq == null) {
			return StreamAnswer.empty(204);
		}
		Json json = new Json(128).open('{').optional("topic", topic).optional("epoch", epoch);
		json.name("seq").value(Query.number("seq", seq));
		if ("true".equals(frame.header("duplicate"))) {
			json.name("duplicate").value(true);
		}
		if ("false".equals(frame.header("replicated"))) {
			json.name("replicated").value(false);
		}
		String unread = frame.header("unread");
		if (unread != null) {
			json.name("unread").value(Query.number("unread", unread));
		}
		return StreamAnswer.document(json.close('}').bytes());
	}

}
