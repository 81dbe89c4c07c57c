package dev.realtime.bench.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * Hostile clients on an event loop of their own, from addresses of their own
 * ({@code 127.1.0.1} to {@code 127.1.0.20}). One that the server has cut comes back a
 * second later. Public methods may be called by any thread but the loop.
 */
@SuppressWarnings("FutureReturnValueIgnored")
public final class Hostiles implements AutoCloseable {

	private static final int ADDRESSES = 20;

	private static final int SMALL_BUFFER = 4_096;

	private static final int RETURN_MILLIS = 1_000;

	private final EventLoopGroup group;

	private final EventLoop loop;

	private final int port;

	private final AtomicInteger open = new AtomicInteger();

	private final AtomicLong ended = new AtomicLong();

	private volatile boolean closing;

	/**
	 * Sends so many clients, one of each attack in turn, spread over two seconds.
	 * @param port where the server listens on loopback
	 */
	public Hostiles(int port, int count) {
		this.group = Epoll.isAvailable() ? new EpollEventLoopGroup(1) : new NioEventLoopGroup(1);
		this.loop = this.group.next();
		this.port = port;
		Attack[] attacks = Attack.values();
		for (int i = 0; i < count; i++) {
			Attack attack = attacks[i % attacks.length];
			int id = i;
			this.loop.schedule(() -> connect(attack, id), 2_000L * i / count, TimeUnit.MILLISECONDS);
		}
	}

	/** Connections that are open now. */
	public int open() {
		return this.open.get();
	}

	/** Connections that have ended, or that the server has not taken. */
	public long ended() {
		return this.ended.get();
	}

	@Override
	public void close() {
		this.closing = true;
		this.group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5_000);
	}

	// What follows is called on the loop.

	void opened() {
		this.open.incrementAndGet();
	}

	void closed(Attack attack, int id) {
		this.open.decrementAndGet();
		comeBack(attack, id);
	}

	private void comeBack(Attack attack, int id) {
		this.ended.incrementAndGet();
		if (!this.closing) {
			this.loop.schedule(() -> connect(attack, id), RETURN_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	private void connect(Attack attack, int id) {
		Bootstrap bootstrap = new Bootstrap().group(this.loop)
			.channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
			.option(ChannelOption.TCP_NODELAY, true)
			.handler(new HostilePeer(attack, id, this));
		if (attack == Attack.NEVER_READING) {
			bootstrap.option(ChannelOption.SO_RCVBUF, SMALL_BUFFER);
		}
		bootstrap.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port), own(id))
			.addListener((done) -> {
				if (!done.isSuccess()) {
					comeBack(attack, id);
				}
			});
	}

	private static InetSocketAddress own(int id) {
		try {
			byte[] address = { 127, 1, 0, (byte) (1 + id % ADDRESSES) };
			return new InetSocketAddress(InetAddress.getByAddress(address), 0);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException("Four bytes are an address", ex);
		}
	}

}
