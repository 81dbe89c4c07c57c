package dev.realtime.spring.netty;

import java.util.concurrent.TimeUnit;

import dev.realtime.spring.websocket.ClientSocket;
import io.netty.channel.Channel;

/** A channel, as the inbox of its client sees it. */
@SuppressWarnings("FutureReturnValueIgnored")
record NettySocket(Channel channel) implements ClientSocket {

	@Override
	public void stopReading() {
		this.channel.config().setAutoRead(false);
	}

	@Override
	public void startReading() {
		this.channel.config().setAutoRead(true);
	}

	@Override
	public void abort() {
		this.channel.close();
	}

	@Override
	public void later(Runnable task, int millis) {
		if (!this.channel.eventLoop().isShuttingDown()) {
			this.channel.eventLoop().schedule(task, millis, TimeUnit.MILLISECONDS);
		}
	}

}
