package dev.realtime.spring.netty;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;

/** Closes the connections of clients that do not read what was written to them. */
@SuppressWarnings("FutureReturnValueIgnored")
final class WriteDeadline {

	private final Duration timeout;

	WriteDeadline(Duration timeout) {
		this.timeout = timeout;
	}

	/**
	 * Closes the channel if its socket has not taken a write when the time is over. What
	 * was still to be written is released then. A write that is done costs nothing.
	 */
	ChannelFuture watch(ChannelFuture written) {
		Channel channel = written.channel();
		EventLoop loop = channel.eventLoop();
		if (!written.isDone() && !loop.isShuttingDown()) {
			Future<?> deadline = loop.schedule(() -> channel.close(), this.timeout.toMillis(), TimeUnit.MILLISECONDS);
			written.addListener((done) -> deadline.cancel(false));
		}
		return written;
	}

}
