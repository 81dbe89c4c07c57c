package dev.realtime.spring.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.realtime.spring.EventLoops;
import dev.realtime.spring.NettyProperties;
import dev.realtime.spring.NettyProperties.NettyTransportKind;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;

import org.springframework.util.ClassUtils;

/** The event loops that the listener's connections live on; closed after the node. */
final class NettyLoops implements EventLoops, AutoCloseable {

	private final boolean isNative;

	private final EventLoopGroup group;

	private final ChannelFactory<ServerChannel> servers;

	NettyLoops(NettyProperties properties) {
		int threads = properties.effectiveThreads();
		DefaultThreadFactory names = new DefaultThreadFactory("realtime-netty", true);
		this.isNative = useEpoll(properties.transport());
		if (this.isNative) {
			this.group = new EpollEventLoopGroup(threads, names);
			this.servers = EpollServerSocketChannel::new;
		}
		else {
			this.group = new NioEventLoopGroup(threads, names);
			this.servers = ListenerSocket.Server::new;
		}
	}

	EventLoopGroup group() {
		return this.group;
	}

	/** Whether they are Netty's own, instead of Java's. */
	boolean isNative() {
		return this.isNative;
	}

	ChannelFactory<ServerChannel> servers() {
		return this.servers;
	}

	@Override
	public List<? extends ScheduledExecutorService> executors() {
		List<ScheduledExecutorService> loops = new ArrayList<>();
		this.group.forEach(loops::add);
		return loops;
	}

	/** Takes at most 2 s. */
	@Override
	public void close() {
		boolean unused = this.group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2_000);
	}

	private static boolean useEpoll(NettyTransportKind kind) {
		boolean present = ClassUtils.isPresent("io.netty.channel.epoll.Epoll", NettyLoops.class.getClassLoader());
		return switch (kind) {
			case NIO -> false;
			case AUTO -> present && Epoll.isAvailable();
			case EPOLL -> {
				if (!present || !Epoll.isAvailable()) {
					throw new IllegalStateException("realtime.netty.transport is epoll, but it cannot be used here: "
							+ "add io.netty:netty-transport-native-epoll with the classifier of this machine, "
							+ "such as linux-x86_64, or set nio");
				}
				yield true;
			}
		};
	}

}
