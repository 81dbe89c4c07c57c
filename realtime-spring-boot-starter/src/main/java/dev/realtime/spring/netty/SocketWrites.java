package dev.realtime.spring.netty;

import java.io.IOException;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a channel's socket beneath its pipeline: a write costs the system call, and
 * no promise, no entry in the channel's buffer and no walk through its handlers. On the
 * event loop, and only while nothing waits in the channel.
 */
interface SocketWrites {

	/**
	 * Writes what the socket takes at once.
	 * @param bytes shared by many connections: neither its indices nor its count of
	 * references change
	 * @return how many bytes the socket has taken, from the reader's index on
	 */
	int write(ByteBuf bytes) throws IOException;

	/** Returns null where bytes must pass the pipeline, as with TLS. */
	static @Nullable SocketWrites of(Channel channel) {
		if (channel.pipeline().get(SslHandler.class) != null) {
			return null;
		}
		return (channel instanceof ListenerSocket socket) ? socket : Descriptor.of(channel);
	}

	/** Loaded with Netty's native transport alone. */
	final class Descriptor {

		private Descriptor() {
		}

		static @Nullable SocketWrites of(Channel channel) {
			if (!(channel instanceof UnixChannel socket)) {
				return null;
			}
			FileDescriptor descriptor = socket.fd();
			return (bytes) -> {
				int from = bytes.readerIndex();
				int to = bytes.writerIndex();
				return bytes.hasMemoryAddress() ? descriptor.writeAddress(bytes.memoryAddress(), from, to)
						: descriptor.write(bytes.nioBuffer(), 0, to - from);
			};
		}

	}

}
