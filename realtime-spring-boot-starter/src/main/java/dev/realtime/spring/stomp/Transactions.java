package dev.realtime.spring.stomp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.connection.Connection;
import dev.realtime.spring.LimitsProperties;
import dev.realtime.stomp.StompCommand;
import dev.realtime.stomp.StompFrame;
import org.jspecify.annotations.Nullable;

/**
 * The STOMP transactions of one connection: SEND, ACK and NACK frames of a transaction
 * wait for its COMMIT. ABORT and the end of the connection discard them. They are held as
 * bytes, which take less than decoded frames and can be counted. Confined to the thread
 * that reads the connection; takes no memory while no transaction is open.
 */
final class Transactions {

	/** What a frame costs beside its bytes, roughly. */
	private static final int OVERHEAD_BYTES = 128;

	private final Connection connection;

	private final LimitsProperties limits;

	private Map<String, Held> open = Map.of();

	private long held;

	Transactions(Connection connection, LimitsProperties limits) {
		this.connection = connection;
		this.limits = limits;
	}

	/**
	 * Looks at a frame other than COMMIT.
	 * @return whether it is to be handled now; false when it is held, or was refused
	 */
	boolean isDue(StompFrame frame) {
		return switch (frame.command()) {
			case SEND, ACK, NACK -> frame.header("transaction") == null || hold(frame);
			case BEGIN -> begin(frame);
			case ABORT -> end(frame) != null;
			default -> true;
		};
	}

	/** Aborts the transaction of a SEND that was refused: the others are not a whole. */
	void abort(StompFrame frame) {
		String name = (frame.command() == StompCommand.SEND) ? frame.header("transaction") : null;
		Held unused = (name != null) ? remove(name) : null;
	}

	/** Ends a transaction and returns what it held; null when the frame was refused. */
	@Nullable Held commit(StompFrame frame) {
		return end(frame);
	}

	private boolean begin(StompFrame frame) {
		String name = name(frame);
		if (name == null) {
			return false;
		}
		if (this.open.containsKey(name)) {
			return refuse(frame, "duplicate-transaction", "Transaction \"" + name + "\" is open already");
		}
		if (this.open.size() >= this.limits.transactions()) {
			return refuse(frame, "too-many-transactions",
					"A connection has at most " + this.limits.transactions() + " open transactions");
		}
		if (this.open.isEmpty()) {
			this.open = new HashMap<>();
		}
		this.open.put(name, new Held(new ArrayList<>()));
		return true;
	}

	private boolean hold(StompFrame frame) {
		String name = String.valueOf(frame.header("transaction"));
		Held known = this.open.get(name);
		if (known == null) {
			return refuse(frame, "no-transaction", unknown(name));
		}
		long size = (long) frame.size() + OVERHEAD_BYTES;
		if (this.held + size > this.limits.transactionSize().toBytes()) {
			remove(name);
			return refuse(frame, "transaction-too-large",
					"The transaction is aborted: the frames of a connection's open transactions have at most "
							+ this.limits.transactionSize().toBytes() + " bytes");
		}
		byte[] copy = new byte[frame.size()];
		frame.bytes().get(copy);
		known.frames().add(copy);
		this.held += size;
		return false;
	}

	private @Nullable Held end(StompFrame frame) {
		String name = name(frame);
		Held known = (name != null) ? remove(name) : null;
		if (name != null && known == null) {
			boolean unused = refuse(frame, "no-transaction", unknown(name));
		}
		return known;
	}

	private @Nullable Held remove(String name) {
		Held known = this.open.containsKey(name) ? this.open.remove(name) : null;
		if (known != null) {
			known.frames().forEach((each) -> this.held -= each.length + OVERHEAD_BYTES);
		}
		if (this.open.isEmpty()) {
			this.open = Map.of();
		}
		return known;
	}

	/** The transaction that a BEGIN, COMMIT or ABORT names; null when it was refused. */
	private @Nullable String name(StompFrame frame) {
		String name = frame.header("transaction");
		if (name == null) {
			boolean unused = refuse(frame, "no-transaction", frame.command() + " needs a transaction header");
		}
		return name;
	}

	private boolean refuse(StompFrame frame, String reason, String sentence) {
		Refusals.refuse(this.connection, reason, sentence, FrameHeaders.of(frame), frame.header("destination"));
		return false;
	}

	private static String unknown(String name) {
		return "There is no open transaction \"" + name + "\"; send BEGIN first";
	}

	/**
	 * What waits for COMMIT.
	 *
	 * @param frames the bytes of each, in their order
	 */
	record Held(List<byte[]> frames) {
	}

}
