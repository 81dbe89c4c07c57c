package dev.realtime.bench.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

import jakarta.servlet.http.WebConnection;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * One client of the bare upgrade, through the interface that Tomcat's own WebSocket uses.
 * Reads on Tomcat's threads, one at a time; writes on the shard. Public because Tomcat
 * makes it.
 */
public final class UpgradedClient implements InternalHttpUpgradeHandler {

	private static final int READ_BYTES = 64 * 1_024;

	private static final int SHORTEST = 6;

	private static final ThreadLocal<ByteBuffer> READ = ThreadLocal.withInitial(() -> ByteBuffer.allocate(READ_BYTES));

	private @Nullable SocketWrapperBase<?> socket;

	private @Nullable UpgradeShard shard;

	/** The beginning of a frame; null for none. */
	private byte @Nullable [] rest;

	// Confined to the shard from here on.

	/** Where it stands among the shard's clients; -1 before and after. */
	int index = -1;

	/** Whether Tomcat holds bytes that the socket has not taken. */
	private boolean behind;

	private @Nullable ArrayDeque<byte[]> waiting;

	void begin(UpgradeShard shard) {
		this.shard = shard;
	}

	@Override
	public void setSocketWrapper(SocketWrapperBase<?> wrapper) {
		this.socket = wrapper;
		wrapper.setReadTimeout(-1);
		wrapper.setWriteTimeout(-1);
	}

	@Override
	public SocketState upgradeDispatch(SocketEvent event) {
		SocketWrapperBase<?> known = this.socket;
		UpgradeShard writer = this.shard;
		if (known == null || writer == null) {
			return SocketState.CLOSED;
		}
		try {
			if (event == SocketEvent.OPEN_READ && read(known, writer)) {
				return SocketState.UPGRADED;
			}
			if (event == SocketEvent.OPEN_WRITE) {
				writer.execute(this::writeWaiting);
				return SocketState.UPGRADED;
			}
		}
		catch (IOException ex) {
			// As if the client had closed.
		}
		writer.remove(this);
		return SocketState.CLOSED;
	}

	/** Reads what there is; false at the end. */
	private boolean read(SocketWrapperBase<?> known, UpgradeShard writer) throws IOException {
		ByteBuffer buffer = READ.get();
		while (true) {
			buffer.clear();
			if (this.rest != null) {
				buffer.put(this.rest);
				this.rest = null;
			}
			int count = known.read(false, buffer);
			if (count < 0 || !frames(buffer.flip(), writer)) {
				return false;
			}
			if (buffer.hasRemaining()) {
				this.rest = new byte[buffer.remaining()];
				buffer.get(this.rest);
			}
			if (count == 0) {
				return true;
			}
		}
	}

	/** Handles whole frames; false for the one that closes. */
	private boolean frames(ByteBuffer buffer, UpgradeShard writer) {
		while (buffer.remaining() >= SHORTEST) {
			int start = buffer.position();
			int opcode = buffer.get() & 0x0F;
			int length = buffer.get() & 0x7F;
			if (length == 126) {
				length = buffer.getShort() & 0xFFFF;
			}
			if (buffer.remaining() < length + 4) {
				buffer.position(start);
				return true;
			}
			byte[] mask = new byte[4];
			buffer.get(mask);
			byte[] payload = new byte[length];
			buffer.get(payload);
			for (int i = 0; i < length; i++) {
				payload[i] ^= mask[i & 3];
			}
			if (opcode == 8) {
				return false;
			}
			handle(new String(payload, StandardCharsets.UTF_8), writer);
		}
		return true;
	}

	private void handle(String frame, UpgradeShard writer) {
		if (frame.startsWith("CONNECT")) {
			byte[] answer = UpgradeShard.frame(BareFrames.CONNECTED.getBytes(StandardCharsets.UTF_8));
			writer.execute(() -> write(answer));
		}
		else if (frame.startsWith("SUBSCRIBE")) {
			writer.add(this);
		}
		else if (frame.startsWith("SEND")) {
			writer.publish(BareFrames.body(frame.substring(0, frame.length() - 1)));
		}
	}

	/** Writes frames, or keeps them until the socket takes more. */
	void write(byte[] bytes) {
		if (this.behind) {
			if (this.waiting == null) {
				this.waiting = new ArrayDeque<>();
			}
			this.waiting.add(bytes);
			return;
		}
		SocketWrapperBase<?> known = this.socket;
		if (known != null) {
			try {
				known.write(false, bytes, 0, bytes.length);
				flush(known);
			}
			catch (IOException ex) {
				failed();
			}
		}
	}

	private void writeWaiting() {
		SocketWrapperBase<?> known = this.socket;
		if (known == null || !this.behind) {
			return;
		}
		try {
			flush(known);
			ArrayDeque<byte[]> kept = this.waiting;
			while (kept != null && !this.behind && !kept.isEmpty()) {
				byte[] next = kept.remove();
				known.write(false, next, 0, next.length);
				flush(known);
			}
			if (!this.behind) {
				this.waiting = null;
			}
		}
		catch (IOException ex) {
			failed();
		}
	}

	private void flush(SocketWrapperBase<?> known) throws IOException {
		this.behind = known.flush(false);
		if (this.behind) {
			known.registerWriteInterest();
		}
	}

	private void failed() {
		UpgradeShard writer = this.shard;
		if (writer != null) {
			writer.remove(this);
		}
	}

	@Override
	public void init(WebConnection connection) {
	}

	@Override
	public void destroy() {
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

}
