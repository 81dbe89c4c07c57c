package dev.realtime.spring.upgrade;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;

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
public final class TomcatSocket implements InternalHttpUpgradeHandler, SocketOutput.Sink, UpgradedSocket {

	private static final Logger logger = LoggerFactory.getLogger(TomcatSocket.class);

	private final SocketOutput output = new SocketOutput(this);

	private @Nullable UpgradedSession session;

	private @Nullable UpgradeContext context;

	private volatile @Nullable SocketWrapperBase<?> wrapper;

	/** The channel itself, which is never used again for another client; null for TLS. */
	private volatile @Nullable SocketChannel plain;

	/** Tomcat has no buffers for this connection any more. On Tomcat's thread. */
	private boolean slim;

	private volatile boolean paused;

	@Override
	public void begin(UpgradedSession session, UpgradeContext context) {
		this.session = session;
		this.context = context;
	}

	/**
	 * The handshake has failed after all, so the connection ends when Tomcat hands it
	 * over. On the thread of the handshake.
	 */
	void disown() {
		this.session = null;
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
			known.receiver().opened();
		}
	}

	@Override
	public SocketState upgradeDispatch(SocketEvent event) {
		try {
			return switch (event) {
				case OPEN_READ -> read();
				case OPEN_WRITE -> {
					this.output.writable();
					yield SocketState.UPGRADED;
				}
				default -> closed(null);
			};
		}
		catch (IOException ex) {
			return closed(ex);
		}
		catch (Throwable ex) {
			Incident.warn(logger, "A connection failed and is closed", ex);
			return closed(ex);
		}
	}

	private SocketState read() throws IOException {
		SocketWrapperBase<?> known = this.wrapper;
		UpgradedSession reader = this.session;
		if (known == null || reader == null) {
			return closed(null);
		}
		ByteBuffer buffer = ReadBuffers.take();
		try {
			return read(known, reader, buffer);
		}
		finally {
			ReadBuffers.giveBack(buffer);
		}
	}

	private SocketState read(SocketWrapperBase<?> known, UpgradedSession reader, ByteBuffer buffer) throws IOException {
		reader.receiver().goOn();
		while (isOpen() && !this.paused) {
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
			reader.receiver().read(buffer.flip());
		}
		return isOpen() ? SocketState.SUSPENDED : SocketState.CLOSED;
	}

	private int receive(SocketWrapperBase<?> known, ByteBuffer buffer) throws IOException {
		SocketChannel channel = this.plain;
		return (this.slim && channel != null) ? channel.read(buffer) : known.read(false, buffer);
	}

	private SocketState closed(@Nullable Throwable failure) {
		if (isOpen()) {
			logger.debug("A connection ends", failure);
			ended((failure != null) ? failure : new ConnectionClosed());
		}
		return SocketState.CLOSED;
	}

	@Override
	public void destroy() {
		if (isOpen()) {
			ended(new ConnectionClosed());
		}
	}

	private void ended(Throwable why) {
		UpgradedSession known = this.session;
		if (this.output.closed(why) && known != null) {
			known.receiver().closed();
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
	public SocketOutput output() {
		return this.output;
	}

	@Override
	public void stopReading() {
		this.paused = true;
	}

	@Override
	public void startReading() {
		this.paused = false;
		SocketWrapperBase<?> known = this.wrapper;
		if (known != null && isOpen()) {
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
		if (known != null && isOpen()) {
			known.processSocket(SocketEvent.DISCONNECT, true);
		}
	}

	// Called by the output.

	@Override
	public boolean taken(ByteBuffer bytes) throws IOException {
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

	@Override
	public void awaitRoom(ByteBuffer next) {
		SocketWrapperBase<?> known = this.wrapper;
		if (known != null) {
			known.registerWriteInterest();
		}
	}

	@Override
	public void end() {
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

}
