package dev.realtime.spring.stomp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.delivery.Frame;
import dev.realtime.spring.rates.RateLimitedException;
import dev.realtime.spring.rates.RequestCost;
import dev.realtime.stomp.MalformedFrameException;
import dev.realtime.stomp.StompCommand;
import dev.realtime.stomp.StompDecoder;
import dev.realtime.stomp.StompFrame;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.util.InvalidMimeTypeException;

/**
 * What one client may send when: CONNECT first and once, then frames, and nothing after
 * DISCONNECT. Decodes what comes, holds the frames of transactions, and hands the others
 * on one by one. Every transport's bytes pass here. Confined to the thread that reads the
 * connection, where nothing else is said.
 */
final class ClientProtocol {

	/** RFC 6455, section 7.4.1: a message that is too big to process. */
	private static final int TOO_BIG = 1009;

	private static final int PROTOCOL_ERROR = 1002;

	/** What ends something is done, however often it comes: it is only counted. */
	private static final Set<StompCommand> RELEASING = EnumSet.of(StompCommand.UNSUBSCRIBE, StompCommand.ABORT,
			StompCommand.DISCONNECT);

	/** Stands for the message, which is not read from it. */
	private static final byte[] INTRODUCTION = { 'C', 'O', 'N', 'N', 'E', 'C', 'T', '\n', '\n', 0 };

	/** How long a client that has sent DISCONNECT may have to wait for its RECEIPT. */
	private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(30);

	private final Connection connection;

	private final ProtocolRules rules;

	private final Packing packing;

	private final StompDecoder decoder;

	private final Transactions transactions;

	/** The client's address, as far as it is known. */
	private final @Nullable InetSocketAddress remote;

	/** Of the request that this is the session of; null for a WebSocket. */
	private final @Nullable RequestCost cost;

	private Phase phase = Phase.NEW;

	/** Null where nothing was observed yet. */
	private volatile @Nullable ObservedFrames observed;

	/** The frame that is handled, if it is observed. */
	private @Nullable ObservedFrame handled;

	/** Spring knows nothing of the session's CONNECT yet. */
	private boolean unknownToSpring;

	/** CONNECTED was sent, or there is nothing to wait for any more. */
	@GuardedBy("this")
	private boolean answered;

	/** Why the connection ends was reported. */
	@GuardedBy("this")
	private boolean reported;

	/** Makes the protocol of a new connection, whose client has this address. */
	ClientProtocol(Connection connection, ProtocolRules rules, Packing packing, @Nullable InetSocketAddress remote,
			@Nullable RequestCost cost) {
		this.remote = remote;
		this.cost = cost;
		this.connection = connection;
		this.rules = rules;
		this.packing = packing;
		this.decoder = new StompDecoder(rules.maxConnect(), rules.limits().maxHeaders());
		this.transactions = new Transactions(connection, rules.limits());
		connection.lifetime().closeAfter(rules.limits().connectTimeout(), CloseReason.NOT_CONNECTED);
	}

	/**
	 * Takes what came; a frame that cannot be right ends the connection.
	 * @param next gets each whole frame that is due
	 */
	void received(ByteBuffer piece, FrameHandler next) throws Exception {
		if (isOver()) {
			return;
		}
		try {
			for (StompFrame frame = this.decoder.next(piece); frame != null
					&& !isOver(); frame = this.decoder.next(piece)) {
				frame(frame, next);
			}
		}
		catch (MalformedFrameException ex) {
			this.phase = Phase.ENDED;
			this.connection.send(Frame.of(StompFrames.error(ex.sentence(), ex.receipt())));
			this.connection.close(ex.isTooLarge() ? new CloseReason(TOO_BIG, "frame too large")
					: new CloseReason(PROTOCOL_ERROR, "protocol error"));
		}
	}

	/** CONNECTED is on its way to the client. Any thread may call this. */
	synchronized void connected() {
		if (!this.answered) {
			this.answered = true;
			this.connection.lifetime().stayOpen();
		}
		ObservedFrames known = this.observed;
		if (known != null) {
			known.connected();
		}
	}

	/**
	 * What is observed of the connection; null if nothing is. Any thread may call this.
	 */
	@Nullable ObservedFrames observed() {
		return this.observed;
	}

	/** The frame that is handled now, if it is observed. */
	@Nullable ObservedFrame handled() {
		return this.handled;
	}

	/**
	 * The same, where Spring was not asked about CONNECT. Spring gets to know the session
	 * when a frame needs it, and never gets to know one that was refused.
	 */
	void connectedDirectly() {
		this.unknownToSpring = true;
		connected();
	}

	/** Takes note of what the client is refused. */
	SessionRefusals refusals() {
		return this.rules.refusals();
	}

	/**
	 * Whether nothing was reported yet of why the connection ends; true once. Any thread
	 * may call this.
	 */
	synchronized boolean isFirstReport() {
		boolean first = !this.reported;
		this.reported = true;
		return first;
	}

	private void frame(StompFrame frame, FrameHandler next) throws Exception {
		if (this.phase == Phase.NEW && !frame.command().opens()) {
			throw new MalformedFrameException("Send CONNECT first, and wait for CONNECTED", frame.header("receipt"));
		}
		if (this.phase == Phase.CONNECTED && frame.command().opens()) {
			throw new MalformedFrameException("CONNECT was sent twice on this connection", frame.header("receipt"));
		}
		if (!isWithinRates(frame)) {
			return;
		}
		switch (frame.command()) {
			case CONNECT, STOMP -> connect(frame, next);
			case DISCONNECT -> disconnect(frame, next);
			case COMMIT -> commit(frame, next);
			default -> {
				if (this.transactions.isDue(frame)) {
					handOn(frame, next);
				}
			}
		}
	}

	/** False when the frame was refused. */
	private boolean isWithinRates(StompFrame frame) {
		try {
			if (frame.command().opens()) {
				this.rules.rates().connecting(this.connection, this.remote, this.cost);
			}
			else if (this.cost == null) {
				this.rules.rates().frame(this.connection, this.remote, frame);
			}
			return true;
		}
		catch (RateLimitedException ex) {
			if (frame.command().opens()) {
				this.phase = Phase.ENDED;
				Refusals.refuseConnect(this.connection, ex);
				return false;
			}
			if (!ex.isOffender() && RELEASING.contains(frame.command())) {
				return true;
			}
			this.transactions.abort(frame);
			Refusals.answer(this.connection, ex, FrameHeaders.of(frame), frame.header("destination"));
			return false;
		}
	}

	/**
	 * From here on the client waits for the server. However long the application takes to
	 * find out who the client is, that is not measured by the client's time.
	 */
	private void connect(StompFrame frame, FrameHandler next) throws Exception {
		this.phase = Phase.CONNECTED;
		this.packing.connect(frame);
		this.connection.lifetime().closeAfter(this.rules.authenticationTimeout(), ConnectCredentials.UNCHECKED);
		handOn(frame, next);
		this.decoder.setMaxFrameBytes(this.rules.maxFrame());
		synchronized (this) {
			if (!this.answered) {
				this.connection.lifetime().closeAfter(this.rules.limits().connectTimeout(), CloseReason.UNAVAILABLE);
			}
		}
	}

	private void disconnect(StompFrame frame, FrameHandler next) throws Exception {
		this.phase = Phase.ENDED;
		synchronized (this) {
			this.answered = true;
			this.connection.lifetime().closeAfter(LONGEST_GOODBYE, CloseReason.NORMAL);
		}
		handOn(frame, next);
	}

	/** The frames of the transaction are handled first, as if they were sent now. */
	private void commit(StompFrame frame, FrameHandler next) throws Exception {
		Transactions.@Nullable Held held = this.transactions.commit(frame);
		if (held == null) {
			return;
		}
		for (byte[] each : held.frames()) {
			StompFrame again = new StompDecoder(each.length, this.rules.limits().maxHeaders())
				.next(ByteBuffer.wrap(each));
			if (again != null && !this.connection.isGone()) {
				handOn(again, next);
			}
		}
		handOn(frame, next);
	}

	private void handOn(StompFrame frame, FrameHandler next) throws Exception {
		ObservedFrame begun = ObservedFrames.observes(frame) ? begin(frame) : null;
		if (begun == null) {
			handOnObserved(frame, next);
			return;
		}
		Runnable close = begun.open();
		this.handled = begun;
		try {
			handOnObserved(frame, next);
		}
		finally {
			this.handled = null;
			close.run();
		}
	}

	private @Nullable ObservedFrame begin(StompFrame frame) {
		FrameObserver observer = this.rules.observer().get();
		if (observer == FrameObserver.NONE) {
			return null;
		}
		ObservedFrames known = this.observed;
		if (known == null) {
			known = new ObservedFrames(this.connection, observer, this.rules.limits().subscriptionsPerConnection() + 1);
			this.observed = known;
		}
		return known.begin(frame);
	}

	private void handOnObserved(StompFrame frame, FrameHandler next) throws Exception {
		int most = this.rules.limits().maxHeaders();
		if (frame.headerCount() > most) {
			refuse(frame, "too-many-headers",
					"The frame has " + frame.headerCount() + " headers, at most " + most + " are allowed");
			return;
		}
		if (next.takes(frame)) {
			return;
		}
		Message<byte[]> message;
		try {
			message = this.rules.messages().message(frame, this.handled);
		}
		catch (InvalidMimeTypeException ex) {
			refuse(frame, "bad-content-type", "content-type must name a media type, such as application/json");
			return;
		}
		if (this.unknownToSpring) {
			this.unknownToSpring = false;
			hand(ByteBuffer.wrap(INTRODUCTION), this.rules.messages().introduction(), next);
		}
		hand(frame.bytes(), message, next);
	}

	private void hand(ByteBuffer bytes, Message<byte[]> message, FrameHandler next) throws Exception {
		this.rules.messages().handing(bytes, message, () -> next.handle(bytes));
	}

	private void refuse(StompFrame frame, String reason, String sentence) {
		Refusals.refuse(this.connection, reason, sentence, FrameHeaders.of(frame, this.handled),
				frame.header("destination"));
	}

	private boolean isOver() {
		return this.phase == Phase.ENDED || this.connection.isGone();
	}

	private enum Phase {

		NEW, CONNECTED, ENDED

	}

	/** Handles one whole frame, whose bytes are valid during the call. */
	interface FrameHandler {

		/** Handles the frame without Spring; false when that must handle it. */
		boolean takes(StompFrame frame) throws Exception;

		/** Hands the frame to Spring's handler. */

		void handle(ByteBuffer frame) throws Exception;

	}

}
