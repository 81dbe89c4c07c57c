package dev.realtime.spring.upgrade;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.channels.SocketChannel;

import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.ReflectionUtils;

/**
 * Tomcat's channel of a socket that was taken over, without Tomcat's two buffers of 8 KB,
 * which such a socket does not use. Tomcat keeps channels for later connections. When it
 * uses this one again it gets its buffers back, whichever way the first connection ended.
 */
final class SlimChannel extends NioChannel {

	private static final Logger logger = LoggerFactory.getLogger(SlimChannel.class);

	/** Null if Tomcat's types are closed to us. */
	private static final @Nullable Access ACCESS = Access.find();

	private final int size;

	private SlimChannel(int size, boolean direct, SocketChannel channel, NioSocketWrapper wrapper) {
		super(new SocketBufferHandler(0, 0, direct));
		this.size = size;
		this.sc = channel;
		this.socketWrapper = wrapper;
	}

	/** Whether a channel has no encryption of its own. */
	static boolean isPlain(NioChannel channel) {
		return channel.getClass() == NioChannel.class || channel instanceof SlimChannel;
	}

	/**
	 * Replaces a connection's channel. From then on its bytes are read from and written
	 * to the socket itself only. Called by Tomcat, which calls nothing else for this
	 * connection meanwhile.
	 * @return whether the buffers are gone
	 */
	static boolean replace(SocketWrapperBase<?> wrapper) {
		Access access = ACCESS;
		if (access == null || !(wrapper instanceof NioSocketWrapper known)) {
			return false;
		}
		NioChannel fat = known.getSocket();
		SocketBufferHandler buffers = fat.getBufHandler();
		if (!isPlain(fat) || !buffers.isReadBufferEmpty() || known.hasDataToWrite() || known.isClosed()) {
			return false;
		}
		int size = Math.max(buffers.getReadBuffer().capacity(), buffers.getWriteBuffer().capacity());
		return access.replace(known,
				new SlimChannel(size, buffers.getReadBuffer().isDirect(), fat.getIOChannel(), known));
	}

	/**
	 * Called when a connection has ended, without a channel, and when the next one
	 * begins.
	 */
	@Override
	public void reset(@Nullable SocketChannel channel, @Nullable NioSocketWrapper wrapper) throws IOException {
		if (channel != null) {
			getBufHandler().expand(this.size);
		}
		super.reset(channel, wrapper);
	}

	/** Two members of Tomcat's wrapper that are for its own subclasses. */
	private record Access(Method channel, Field buffers) {

		static @Nullable Access find() {
			try {
				Method channel = SocketWrapperBase.class.getDeclaredMethod("reset", Object.class);
				Field buffers = SocketWrapperBase.class.getDeclaredField("socketBufferHandler");
				ReflectionUtils.makeAccessible(channel);
				ReflectionUtils.makeAccessible(buffers);
				return new Access(channel, buffers);
			}
			catch (ReflectiveOperationException | RuntimeException ex) {
				logger.info(
						"Each connection keeps Tomcat's socket buffers (16 KB), because the starter cannot access them",
						ex);
				return null;
			}
		}

		boolean replace(NioSocketWrapper wrapper, NioChannel slim) {
			try {
				this.channel.invoke(wrapper, slim);
				this.buffers.set(wrapper, slim.getBufHandler());
				return true;
			}
			catch (ReflectiveOperationException | RuntimeException ex) {
				logger.debug("A connection keeps Tomcat's socket buffers", ex);
				return false;
			}
		}

	}

}
