package dev.realtime.spring.upgrade;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.hub.Transport;
import dev.realtime.spring.Incident;
import jakarta.servlet.http.WebConnection;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket of Tomcat's, through the interface that Tomcat's own WebSocket uses. Tomcat's
 * poller says when there is something to read or room to write. Without TLS, bytes go
 * straight to the channel. Public because Tomcat makes it; not for applications.
 */
public final class TomcatSocket implements InternalHttpUpgradeHandler, UpgradedSocket {

	private static final int READ_BYTES = 16 * 1_024;

	/**
	 * Buffers to read into. Tomcat's threads may be virtual ones, which live for one
	 * read.
	 */
	private static final Queue<ByteBuffer> READ = new ArrayBlockingQueue<>(64);

	private static final Logger logger = LoggerFactory.getLogger(TomcatSocket.class);

	private @Nullable UpgradedSession session;

	private @Nullable UpgradeContext context;

	private volatile @Nullable SocketWrapperBase<?> wrapper;

	/** The channel itself, which is never used again for another client; null for TLS. */
	private volatile @Nullable SocketChannel plain;

	/** Tomcat has no buffers for this connection any more. On Tomcat's thread. */
	private boolean slim;

	private volatile boolean open = true;

	private volatile boolean paused;

	/** What the socket has not taken yet; null when nothing is being written. */
	@GuardedBy("this")
	private @Nullable ArrayDeque<ByteBuffer> waiting;

	/** Told when what waits was written. */
	@GuardedBy("this")
	private Transport.@Nullable Completion done;

	@GuardedBy("this")
	private boolean outputEnds;

	void begin(UpgradedSession session, UpgradeContext context) {
		this.session = session;
		this.context = context;
	}

	// Called by Tomcat, one at a time for each socket.

	@Override
	public void setSocketWrapper(SocketWrapperBase<?> wrapper) {
		this.wrapper = wrapper;
		wrapper.setReadTimeout(-1);
		wrapper.setWriteTimeout(-1);
		if (wrapper.getSocket() instanceof NioChannel channel && SlimChannel.isPlain(channel)) {
			this.plain = channel.getIOChannel();
		}
	}

	@Override
	public void init(WebConnection connection) {
		UpgradedSession known = this.session;
		if (known != null) {
			known.opened();
		}
	}

	@Override
	public SocketState upgradeDispatch(SocketEvent event) {
		try {
			return switch (event) {
				case OPEN_READ -> read();
				case OPEN_WRITE -> {
					writable();
					yield SocketState.UPGRADED;
				}
				default -> closed(null);
			};
		}
		catch (IOException ex) {
			return closed(ex);
		}
		catch (Throwable ex) {
			logger.warn("A connection failed and is closed", Incident.plain(ex));
			return closed(ex);
		}
	}

	private SocketState read() throws IOException {
		SocketWrapperBase<?> known = this.wrapper;
		UpgradedSession reader = this.session;
		if (known == null || reader == null) {
			return closed(null);
		}
		ByteBuffer free = READ.poll();
		ByteBuffer buffer = (free != null) ? free : ByteBuffer.allocate(READ_BYTES);
		try {
			return read(known, reader, buffer);
		}
		finally {
			boolean unused = READ.offer(buffer);
		}
	}

	private SocketState read(SocketWrapperBase<?> known, UpgradedSession reader, ByteBuffer buffer) throws IOException {
		while (this.open && !this.paused) {
			int count;
			try {
				count = receive(known, buffer.clear());
			}
			catch (EOFException ex) {
				return closed(null);
			}
			if (count < 0) {
				return closed(null);
			}
			if (count == 0) {
				this.slim = this.slim || (this.plain != null && SlimChannel.replace(known));
				return SocketState.UPGRADED;
			}
			reader.read(buffer.flip());
		}
		return this.open ? SocketState.SUSPENDED : SocketState.CLOSED;
	}

	private int receive(SocketWrapperBase<?> known, ByteBuffer buffer) throws IOException {
		SocketChannel channel = this.plain;
		return (this.slim && channel != null) ? channel.read(buffer) : known.read(false, buffer);
	}

	private SocketState closed(@Nullable Throwable failure) {
		if (this.open) {
			logger.debug("A connection ends", failure);
			ended((failure != null) ? failure : new EOFException("The connection was closed"));
		}
		return SocketState.CLOSED;
	}

	@Override
	public void destroy() {
		ended(new EOFException("The connection was closed"));
	}

	private void ended(Throwable why) {
		Transport.Completion waits;
		synchronized (this) {
			if (!this.open) {
				return;
			}
			this.open = false;
			waits = this.done;
			this.done = null;
			this.waiting = null;
		}
		if (waits != null) {
			waits.done(why);
		}
		UpgradedSession known = this.session;
		if (known != null) {
			known.closed();
		}
	}

	@Override
	public void setSslSupport(SSLSupport sslSupport) {
	}

	@Override
	public void pause() {
	}

	@Override
	public void timeoutAsync(long now) {
	}

	// Called by any thread.

	@Override
	public void write(ByteBuffer bytes, Transport.Completion completion) {
		@Nullable Throwable failure = null;
		synchronized (this) {
			if (!this.open) {
				failure = new EOFException("The connection is closed");
			}
			else {
				try {
					if (this.waiting != null || !taken(bytes)) {
						this.done = completion;
						await(copy(bytes));
						return;
					}
				}
				catch (IOException ex) {
					failure = ex;
				}
			}
		}
		completion.done(failure);
	}

	@Override
	public void control(ByteBuffer bytes) {
		synchronized (this) {
			if (!this.open) {
				return;
			}
			try {
				if (this.waiting != null || !taken(bytes)) {
					await(bytes);
				}
				return;
			}
			catch (IOException ex) {
				logger.debug("A control frame could not be written", ex);
			}
		}
		abort();
	}

	@Override
	public synchronized void endOutput() {
		this.outputEnds = true;
		if (this.waiting == null) {
			shutDownOutput();
		}
	}

	@Override
	public synchronized boolean isWriting() {
		return this.waiting != null;
	}

	@Override
	public boolean isOpen() {
		return this.open;
	}

	@Override
	public void stopReading() {
		this.paused = true;
	}

	@Override
	public void startReading() {
		this.paused = false;
		SocketWrapperBase<?> known = this.wrapper;
		if (known != null && this.open) {
			known.processSocket(SocketEvent.OPEN_READ, true);
		}
	}

	@Override
	public void later(Runnable task, int millis) {
		UpgradeContext known = this.context;
		if (known != null) {
			known.timer().after(Duration.ofMillis(millis), task);
		}
	}

	/** Tomcat closes the socket, on one of its threads. */
	@Override
	public void abort() {
		SocketWrapperBase<?> known = this.wrapper;
		if (known != null && this.open) {
			known.processSocket(SocketEvent.DISCONNECT, true);
		}
	}

	/** Whether the socket takes all of it now. */
	@GuardedBy("this")
	private boolean taken(ByteBuffer bytes) throws IOException {
		SocketChannel channel = this.plain;
		if (channel != null) {
			while (bytes.hasRemaining() && channel.write(bytes) > 0) {
				// More may fit.
			}
			return !bytes.hasRemaining();
		}
		SocketWrapperBase<?> known = this.wrapper;
		if (known == null) {
			return false;
		}
		if (bytes.hasRemaining()) {
			// Tomcat keeps what the socket does not take: one batch at most.
			known.write(false, bytes);
		}
		return !known.flush(false);
	}

	@GuardedBy("this")
	private void await(ByteBuffer bytes) {
		ArrayDeque<ByteBuffer> rest = this.waiting;
		if (rest == null) {
			rest = new ArrayDeque<>(2);
			this.waiting = rest;
			rest.add(bytes);
			register();
		}
		else {
			rest.add(bytes);
		}
	}

	private void register() {
		SocketWrapperBase<?> known = this.wrapper;
		if (known != null) {
			known.registerWriteInterest();
		}
	}

	private void shutDownOutput() {
		SocketChannel channel = this.plain;
		try {
			if (channel != null) {
				channel.shutdownOutput();
			}
		}
		catch (IOException ex) {
			logger.debug("The output could not be ended", ex);
		}
	}

	private static ByteBuffer copy(ByteBuffer bytes) {
		return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
	}

	private void writable() throws IOException {
		Transport.Completion completion;
		synchronized (this) {
			ArrayDeque<ByteBuffer> rest = this.waiting;
			if (rest == null) {
				return;
			}
			for (ByteBuffer next = rest.peek(); next != null; next = rest.peek()) {
				if (!taken(next)) {
					register();
					return;
				}
				rest.remove();
			}
			this.waiting = null;
			completion = this.done;
			this.done = null;
			if (this.outputEnds) {
				shutDownOutput();
			}
		}
		if (completion != null) {
			completion.done(null);
		}
	}

}
