package dev.realtime.spring.stomp;

import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.NodePart;
import dev.realtime.spring.RealtimeProperties;

/**
 * Sends the clients to other nodes before the web server begins its graceful shutdown:
 * that one starts at phase {@code MAX_VALUE - 1024}, and higher phases stop first.
 */
final class DrainLifecycle implements NodePart {

	private static final int PHASE = Integer.MAX_VALUE - 512;

	private final RealtimeNode node;

	private final RealtimeProperties.Drain drain;

	private volatile boolean running;

	DrainLifecycle(RealtimeNode node, RealtimeProperties.Drain drain) {
		this.node = node;
		this.drain = drain;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		if (this.drain.enabled()) {
			this.node.drain(this.drain.spread(), this.drain.timeout());
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
