package dev.realtime.spring.upgrade;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.spring.Incident;
import dev.realtime.spring.websocket.Receiver;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket of Jetty's, as the connection that comes after HTTP on its end point. Nothing
 * here blocks, so Jetty calls it on the thread of its selector. Without TLS, bytes are
 * written straight to the channel.
 */
final class JettySocket extends AbstractConnection
		implements Connection.UpgradeTo, Callback, SocketOutput.Sink, UpgradedSocket {

	/** Before the selector's thread is given to another socket. */
	private static final int READS_IN_A_ROW = 16;

	private static final Logger logger = LoggerFactory.getLogger(JettySocket.class);

	private final SocketOutput output = new SocketOutput(this);

	/** The channel itself; null for TLS. */
	private final @Nullable SocketChannel plain;

	/** The handshake's; null when the socket is ours. */
	private @Nullable Response handshake;

	private @Nullable UpgradedSession session;

	private @Nullable UpgradeContext context;

	/** What came together with the handshake. */
	private @Nullable ByteBuffer early;

	@GuardedBy("this")
	private boolean paused;

	/** Nothing reads, and Jetty was not asked to say when there is something to read. */
	@GuardedBy("this")
	private boolean left;

	JettySocket(EndPoint endPoint, Executor executor, Response handshake) {
		super(endPoint, executor);
		this.handshake = handshake;
		this.plain = (endPoint.getClass() == SocketChannelEndPoint.class)
				? ((SocketChannelEndPoint) endPoint).getChannel() : null;
	}

	@Override
	public void begin(UpgradedSession session, UpgradeContext context) {
		this.session = session;
		this.context = context;
	}

	// Called by Jetty, one at a time for each socket, except of the last two.

	@Override
	public void onUpgradeTo(ByteBuffer buffer) {
		this.early = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
	}

	@Override
	public void onOpen() {
		super.onOpen();
		UpgradedSession reader = this.session;
		Response answer = this.handshake;
		this.handshake = null;
		if (reader == null || answer == null || answer.getStatus() != HttpStatus.SWITCHING_PROTOCOLS_101) {
			// A filter has failed after the handshake, and Jetty has said so.
			this.session = null;
			getEndPoint().close();
			return;
		}
		// Pings and the hub's write timeout take its place.
		getEndPoint().setIdleTimeout(-1);
		reader.receiver().opened();
		ByteBuffer first = this.early;
		this.early = null;
		try {
			if (first != null) {
				reader.receiver().read(first);
			}
			if (mayRead()) {
				readNext(reader.receiver());
			}
		}
		catch (Throwable ex) {
			broken(ex);
		}
	}

	/** Jetty has something to read. */
	@Override
	public void succeeded() {
		UpgradedSession reader = this.session;
		if (reader == null) {
			return;
		}
		ByteBuffer buffer = ReadBuffers.take();
		try {
			read(reader, buffer);
		}
		catch (IOException ex) {
			logger.debug("A connection ends", ex);
			closed(ex);
		}
		catch (Throwable ex) {
			broken(ex);
		}
		finally {
			ReadBuffers.giveBack(buffer);
		}
	}

	/**
	 * Reads until nothing is there, or until the client has to wait. Only this thread
	 * makes it wait; from then on, {@link #startReading} has it read again.
	 */
	private void read(UpgradedSession reader, ByteBuffer buffer) throws IOException {
		Receiver receiver = reader.receiver();
		for (int i = 0; mayRead(); i++) {
			if (i == READS_IN_A_ROW) {
				readNext(receiver);
				return;
			}
			if (receiver.isHolding()) {
				// There was no room, and now there is.
				receiver.goOn();
				continue;
			}
			BufferUtil.clear(buffer);
			int count = getEndPoint().fill(buffer);
			if (count < 0) {
				closed(new ConnectionClosed());
				return;
			}
			if (count == 0) {
				readNext(receiver);
				return;
			}
			receiver.read(buffer);
		}
	}

	/** What waits is due even if nothing more comes. */
	private void readNext(Receiver receiver) {
		if (receiver.isHolding()) {
			readLater();
		}
		else {
			getEndPoint().tryFillInterested(this);
		}
	}

	/**
	 * Whether to read on. After a no, which is final for the thread that asked, another
	 * thread may read at once.
	 */
	private synchronized boolean mayRead() {
		this.left = this.paused;
		return !this.paused && this.output.isOpen();
	}

	@Override
	public void onFillable() {
		succeeded();
	}

	private void broken(Throwable failure) {
		Incident.warn(logger, "A connection failed and is closed", failure);
		closed(failure);
	}

	/** Jetty has nothing more to read. */
	@Override
	public void failed(Throwable failure) {
		logger.debug("A connection ends", failure);
		closedLater(failure);
	}

	@Override
	public void onClose(@Nullable Throwable cause) {
		super.onClose(cause);
		closed(new ConnectionClosed());
	}

	@Override
	public boolean onIdleExpired(TimeoutException timeout) {
		return false;
	}

	/** As a callback; Jetty has deprecated that of connections. */
	@Override
	@SuppressWarnings("deprecation")
	public InvocationType getInvocationType() {
		return InvocationType.NON_BLOCKING;
	}

	/** Jetty may hold locks of its TLS. */
	private void closedLater(Throwable failure) {
		try {
			getExecutor().execute(() -> closed(failure));
		}
		catch (RejectedExecutionException ex) {
			closed(failure);
		}
	}

	private void closed(Throwable why) {
		if (this.output.closed(why)) {
			UpgradedSession known = this.session;
			if (known != null) {
				known.receiver().closed();
			}
		}
		getEndPoint().close();
	}

	// Called by any thread.

	@Override
	public SocketOutput output() {
		return this.output;
	}

	@Override
	public synchronized void stopReading() {
		this.paused = true;
	}

	@Override
	public void startReading() {
		synchronized (this) {
			this.paused = false;
			if (!this.left) {
				return;
			}
			this.left = false;
		}
		UpgradedSession reader = this.session;
		if (reader != null) {
			readNext(reader.receiver());
		}
	}

	private void readLater() {
		try {
			getExecutor().execute(this::succeeded);
		}
		catch (RejectedExecutionException ex) {
			closed(ex);
		}
	}

	@Override
	public void later(Runnable task, int millis) {
		UpgradeContext known = this.context;
		if (known != null) {
			known.timer().after(Duration.ofMillis(millis), task);
		}
	}

	/** Closes the socket on one of Jetty's threads. */
	@Override
	public void abort() {
		closedLater(new ConnectionClosed());
	}

	// Called by the output.

	@Override
	public boolean taken(ByteBuffer bytes) throws IOException {
		SocketChannel channel = this.plain;
		if (channel == null) {
			return getEndPoint().flush(bytes);
		}
		while (bytes.hasRemaining() && channel.write(bytes) > 0) {
			// More may fit.
		}
		return !bytes.hasRemaining();
	}

	@Override
	public void awaitRoom(ByteBuffer next) {
		getEndPoint().write(new Room(), next);
	}

	@Override
	public void end() {
		getEndPoint().shutdownOutput();
	}

	/** Told by Jetty when it has written what it was given. */
	private final class Room implements Callback {

		@Override
		public void succeeded() {
			try {
				JettySocket.this.output.writable();
			}
			catch (IOException ex) {
				failed(ex);
			}
		}

		@Override
		public void failed(Throwable failure) {
			closedLater(failure);
		}

		@Override
		public InvocationType getInvocationType() {
			return InvocationType.NON_BLOCKING;
		}

	}

}
