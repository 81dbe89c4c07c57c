package dev.realtime.spring.stomp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.hub.Connection;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.stomp.ClientProtocol.FrameHandler;
import dev.realtime.stomp.StompCommand;
import dev.realtime.stomp.StompFrame;
import org.jspecify.annotations.Nullable;

/**
 * The STOMP transactions of one connection: SENDs of a transaction wait for its COMMIT,
 * and are handled then, in order, before the COMMIT itself. ABORT and the end of the
 * connection discard them. Confined to the thread that reads the connection; takes no
 * memory while no transaction is open.
 */
final class Transactions {

	/** What a frame costs beside its bytes, roughly. */
	private static final int OVERHEAD_BYTES = 128;

	private static final byte[] HEADER = "\ntransaction:".getBytes(StandardCharsets.US_ASCII);

	private final Connection connection;

	private final RealtimeProperties.Limits limits;

	private Map<String, List<byte[]>> open = Map.of();

	private long held;

	Transactions(Connection connection, RealtimeProperties.Limits limits) {
		this.connection = connection;
		this.limits = limits;
	}

	/**
	 * Looks at a frame, and hands on those that it commits.
	 * @return whether the frame itself is to be handled now; false when it is held, or
	 * was refused
	 */
	boolean isDue(StompCommand command, ByteBuffer frame, FrameHandler next) throws Exception {
		switch (command) {
			case SEND -> {
				return !namesTransaction(frame) || hold(StompFrame.decode(frame.duplicate()), frame);
			}
			case BEGIN, COMMIT, ABORT -> {
				StompFrame decoded = StompFrame.decode(frame.duplicate());
				String name = name(decoded);
				if (name == null) {
					return refuse(decoded, "no-transaction", command + " needs a transaction header");
				}
				if (command == StompCommand.BEGIN) {
					return begin(decoded, name);
				}
				List<byte[]> sends = end(name);
				if (sends == null) {
					return refuse(decoded, "no-transaction", unknown(name));
				}
				if (command == StompCommand.COMMIT) {
					for (byte[] send : sends) {
						next.handle(ByteBuffer.wrap(send));
					}
				}
				return true;
			}
			case ACK, NACK -> {
				StompFrame decoded = StompFrame.decode(frame.duplicate());
				String name = name(decoded);
				return name == null || this.open.containsKey(name) || refuse(decoded, "no-transaction", unknown(name));
			}
			default -> {
				return true;
			}
		}
	}

	private boolean begin(StompFrame frame, String name) {
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
		this.open.put(name, new ArrayList<>());
		return true;
	}

	private boolean hold(StompFrame decoded, ByteBuffer frame) {
		String name = name(decoded);
		List<byte[]> sends = (name != null) ? this.open.get(name) : null;
		if (name == null || sends == null) {
			return (name == null) || refuse(decoded, "no-transaction", unknown(name));
		}
		long size = (long) frame.remaining() + OVERHEAD_BYTES;
		if (this.held + size > this.limits.transactionSize().toBytes()) {
			List<byte[]> unused = end(name);
			return refuse(decoded, "transaction-too-large",
					"The transaction is aborted: the SENDs of a connection's open transactions have at most "
							+ this.limits.transactionSize().toBytes() + " bytes");
		}
		byte[] copy = new byte[frame.remaining()];
		frame.duplicate().get(copy);
		sends.add(copy);
		this.held += size;
		return false;
	}

	private @Nullable List<byte[]> end(String name) {
		List<byte[]> sends = this.open.containsKey(name) ? this.open.remove(name) : null;
		if (sends != null) {
			sends.forEach((send) -> this.held -= send.length + OVERHEAD_BYTES);
		}
		return sends;
	}

	private boolean refuse(StompFrame frame, String reason, String sentence) {
		Refusals.refuse(this.connection, reason, sentence, FrameHeaders.of(frame),
				first(frame.headers().get("destination")));
		return false;
	}

	private static String unknown(String name) {
		return "There is no open transaction \"" + name + "\"; send BEGIN first";
	}

	private static @Nullable String name(StompFrame frame) {
		return first(frame.headers().get("transaction"));
	}

	private static @Nullable String first(@Nullable List<String> values) {
		return (values != null && !values.isEmpty()) ? values.get(0) : null;
	}

	/** Most SENDs have no such header, and need not be decoded to know it. */
	private static boolean namesTransaction(ByteBuffer frame) {
		int last = frame.limit() - HEADER.length;
		for (int i = frame.position(); i <= last; i++) {
			byte each = frame.get(i);
			if (each == '\n') {
				if (matches(frame, i)) {
					return true;
				}
				byte next = frame.get(i + 1);
				if (next == '\n' || next == '\r') {
					return false;
				}
			}
		}
		return false;
	}

	private static boolean matches(ByteBuffer frame, int from) {
		for (int i = 0; i < HEADER.length; i++) {
			if (frame.get(from + i) != HEADER[i]) {
				return false;
			}
		}
		return true;
	}

}
