package dev.realtime.spring.stomp;

import java.nio.ByteBuffer;

import dev.realtime.hub.CloseReason;
import dev.realtime.hub.Connection;
import dev.realtime.hub.Frame;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.stomp.FrameAssembler;
import dev.realtime.stomp.MalformedFrameException;
import dev.realtime.stomp.StompCommand;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;

/**
 * What one client may send when: CONNECT first and once, then frames, and nothing after
 * DISCONNECT. Finds whole frames, holds those of transactions, and hands the others on
 * one by one. Every transport's bytes pass here. Confined to the thread that reads the
 * connection.
 */
final class ClientProtocol {

	/** RFC 6455, section 7.4.1: a message that is too big to process. */
	private static final int TOO_BIG = 1009;

	private static final int PROTOCOL_ERROR = 1002;

	/** Of a CONNECT, besides credentials. */
	private static final int CONNECT_BYTES = 16 * 1024;

	/**
	 * So many times as long as the client may take for its CONNECT the answer may take.
	 */
	private static final int PATIENCE = 3;

	private final FrameAssembler assembler = new FrameAssembler();

	private final Connection connection;

	private final RealtimeProperties.Limits limits;

	private final int maxFrame;

	private final Transactions transactions;

	private Phase phase = Phase.NEW;

	/**
	 * Makes the protocol of a new connection.
	 * @param maxFrame the most bytes of a frame after CONNECT
	 */
	ClientProtocol(Connection connection, RealtimeProperties.Limits limits, int maxFrame) {
		this.maxFrame = maxFrame;
		this.connection = connection;
		this.limits = limits;
		this.transactions = new Transactions(connection, limits);
		connection.awaitIntroduction(limits.connectTimeout(), CloseReason.NOT_CONNECTED);
	}

	/**
	 * Takes what came; a frame that cannot be right ends the connection.
	 * @param next gets each whole frame
	 */
	void received(ByteBuffer bytes, FrameHandler next) throws Exception {
		FailureHolder failure = new FailureHolder();
		try {
			this.assembler.add(bytes, maxFrame(), (frame) -> failure.during(() -> frame(frame, next)));
		}
		catch (MalformedFrameException ex) {
			refuse(ex.sentence(), ex.isTooLarge() ? TOO_BIG : PROTOCOL_ERROR);
		}
		failure.rethrow();
	}

	/**
	 * What is held for a client that is not known yet is its credentials and little more.
	 */
	private int maxFrame() {
		return (int) ((this.phase == Phase.NEW) ? this.limits.maxCredentialsSize().toBytes() + CONNECT_BYTES
				: this.maxFrame);
	}

	private void frame(ByteBuffer frame, FrameHandler next) throws Exception {
		if (this.phase == Phase.ENDED || this.connection.isGone()) {
			return;
		}
		StompCommand command = StompCommand.of(frame);
		if (this.phase == Phase.NEW && !command.opens()) {
			refuse("Send CONNECT first, and wait for CONNECTED", PROTOCOL_ERROR);
			return;
		}
		if (command.opens()) {
			if (this.phase == Phase.CONNECTED) {
				refuse("CONNECT was sent twice on this connection", PROTOCOL_ERROR);
				return;
			}
			this.phase = Phase.CONNECTED;
			// The time to check credentials is the server's.
			this.connection.awaitIntroduction(this.limits.connectTimeout().multipliedBy(PATIENCE),
					CloseReason.UNAVAILABLE);
		}
		else if (command == StompCommand.DISCONNECT) {
			this.phase = Phase.ENDED;
		}
		if (this.transactions.isDue(command, frame, next)) {
			next.handle(frame);
		}
	}

	private void refuse(String sentence, int code) {
		this.phase = Phase.ENDED;
		this.connection.send(Frame.of(StompFrames.error(sentence, null)));
		this.connection.close(new CloseReason(code, (code == TOO_BIG) ? "frame too large" : "protocol error"));
	}

	private enum Phase {

		NEW, CONNECTED, ENDED

	}

	/** Handles one whole frame, whose bytes are valid during the call. */
	@FunctionalInterface
	interface FrameHandler {

		void handle(ByteBuffer frame) throws Exception;

	}

	/** Carries what a handler threw past the assembler. */
	private static final class FailureHolder {

		private @Nullable Exception failure;

		void during(Step step) {
			if (this.failure != null) {
				return;
			}
			try {
				step.run();
			}
			catch (Exception ex) {
				this.failure = ex;
			}
		}

		void rethrow() throws Exception {
			if (this.failure != null) {
				throw this.failure;
			}
		}

		@FunctionalInterface
		interface Step {

			void run() throws Exception;

		}

	}

}
