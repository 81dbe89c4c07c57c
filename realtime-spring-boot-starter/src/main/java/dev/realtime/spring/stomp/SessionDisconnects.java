package dev.realtime.spring.stomp;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.delivery.Frame;
import dev.realtime.stomp.StompFrames;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;

/**
 * Ends sessions whose clients have sent DISCONNECT: its RECEIPT leaves behind the answers
 * to everything that the client sent before, then the connection is closed. Safe for any
 * number of threads.
 */
final class SessionDisconnects {

	private final MessageChannel outbound;

	private final PerConnection<PendingAnswers> answers = new PerConnection<>(PendingAnswers::new, (ended) -> {
	});

	/**
	 * Makes the end of sessions.
	 * @param outbound the channel to clients, whose threads may still hold answers
	 */
	SessionDisconnects(MessageChannel outbound) {
		this.outbound = outbound;
	}

	/** Notes that a frame is answered when the stage is complete. */
	void await(Connection connection, CompletionStage<?> answered) {
		if (!(answered instanceof CompletableFuture<?> future) || !future.isDone()) {
			this.answers.of(connection).add(answered);
		}
	}

	/** Handles a DISCONNECT, behind the frames that came before it. */
	void handle(Message<?> message, Connection connection) {
		connection.unsubscribeAll();
		PendingAnswers pending = this.answers.find(connection.id());
		Runnable leave = () -> InSessionOrder.run(this.outbound, message, () -> leave(message, connection));
		if (pending != null) {
			pending.whenNone(leave);
		}
		else {
			leave.run();
		}
	}

	private static void leave(Message<?> message, Connection connection) {
		String receipt = FrameHeaders.of(message).receipt();
		if (receipt != null) {
			connection.send(Frame.of(StompFrames.receipt(receipt, Map.of())));
		}
		connection.close(CloseReason.NORMAL);
	}

}
