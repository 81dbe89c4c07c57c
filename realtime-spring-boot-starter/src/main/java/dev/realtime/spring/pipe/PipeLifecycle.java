package dev.realtime.spring.pipe;

import dev.realtime.spring.NodePart;

/**
 * Ends the texts of this node before it leaves the fleet, so that readers do not wait for
 * them in vain.
 */
final class PipeLifecycle implements NodePart {

	/**
	 * After the clients were asked to reconnect elsewhere, and before the web server
	 * waits for its requests, some of which may begin a text.
	 */
	private static final int PHASE = Integer.MAX_VALUE - 768;

	private final RealtimeStreams streams;

	private volatile boolean started;

	PipeLifecycle(RealtimeStreams streams) {
		this.streams = streams;
	}

	@Override
	public void start() {
		this.started = true;
	}

	@Override
	public void stop() {
		this.streams.drain();
	}

	@Override
	public boolean isRunning() {
		return this.started && !this.streams.isClosing();
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
