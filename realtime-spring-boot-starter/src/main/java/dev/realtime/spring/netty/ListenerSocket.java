package dev.realtime.spring.netty;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** A connection over Java's own sockets that lets its transport write to the socket. */
final class ListenerSocket extends NioSocketChannel implements SocketWrites {

	private ListenerSocket(NioServerSocketChannel parent, SocketChannel socket) {
		super(parent, socket);
	}

	@Override
	public int write(ByteBuf bytes) throws IOException {
		return javaChannel().write(bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes()));
	}

	/** Accepts such connections. */
	static final class Server extends NioServerSocketChannel {

		@Override
		protected int doReadMessages(List<Object> accepted) throws Exception {
			SocketChannel socket = javaChannel().accept();
			if (socket == null) {
				return 0;
			}
			try {
				accepted.add(new ListenerSocket(this, socket));
				return 1;
			}
			catch (Throwable ex) {
				socket.close();
				throw ex;
			}
		}

	}

}
