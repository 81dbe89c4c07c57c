package dev.realtime.spring.stomp;

import java.util.List;
import java.util.concurrent.Executor;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.Transport;
import dev.realtime.hub.Hub;
import org.jspecify.annotations.Nullable;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketExtension;

/**
 * What sessions with a transport of their own have in common. What Spring sends goes
 * through the hub, which wraps this session. Safe for any number of threads.
 */
public abstract class TransportSession implements HubSession {

	private static final IdGenerator IDS = new AlternativeJdkIdGenerator();

	private final String id = IDS.generateId().toString();

	private final Transport transport;

	private final @Nullable Executor eventLoop;

	private final int maxFrameSize;

	private volatile @Nullable Connection connection;

	/**
	 * Makes a session.
	 * @param eventLoop the shard of the connection; null for one of the hub's own
	 * @param maxFrameSize most bytes of a client's frame
	 */
	protected TransportSession(Transport transport, @Nullable Executor eventLoop, int maxFrameSize) {
		this.transport = transport;
		this.eventLoop = eventLoop;
		this.maxFrameSize = maxFrameSize;
	}

	@Override
	public final Connection connect(Hub hub) {
		Connection made = (this.eventLoop != null) ? hub.connect(this.id, this.transport, this.eventLoop)
				: hub.connect(this.id, this.transport);
		this.connection = made;
		if (!isOpen()) {
			made.closed();
		}
		return made;
	}

	/** Something came from the client. */
	public final void received() {
		Connection known = this.connection;
		if (known != null) {
			known.lifetime().received();
		}
	}

	/** Closes with this reason, after what waits. */
	public final void close(CloseReason reason) {
		Connection known = this.connection;
		if (known != null) {
			known.close(reason);
		}
		else {
			this.transport.close(reason);
		}
	}

	/** The socket is closed; {@link #isOpen} says so already. */
	public final void closed() {
		Connection known = this.connection;
		if (known != null) {
			known.closed();
		}
	}

	@Override
	public final String getId() {
		return this.id;
	}

	/** The limits are {@code realtime.limits}. */
	@Override
	public final void setTextMessageSizeLimit(int messageSizeLimit) {
	}

	@Override
	public final int getTextMessageSizeLimit() {
		return this.maxFrameSize;
	}

	@Override
	public final void setBinaryMessageSizeLimit(int messageSizeLimit) {
	}

	@Override
	public final int getBinaryMessageSizeLimit() {
		return this.maxFrameSize;
	}

	@Override
	public List<WebSocketExtension> getExtensions() {
		return List.of();
	}

	@Override
	public final void close() {
		close(CloseStatus.NORMAL);
	}

	@Override
	public final void close(CloseStatus status) {
		String text = status.getReason();
		close(new CloseReason(status.getCode(), (text != null) ? text : ""));
	}

}
