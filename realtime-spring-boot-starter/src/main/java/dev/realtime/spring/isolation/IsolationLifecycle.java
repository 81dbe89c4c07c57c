package dev.realtime.spring.isolation;

import dev.realtime.isolation.IsolationWatch;
import dev.realtime.spring.NodePart;

/** Begins to watch when the node takes clients, and ends before it sends them away. */
final class IsolationLifecycle implements NodePart {

	private final IsolationWatch watch;

	private volatile boolean running;

	IsolationLifecycle(IsolationWatch watch) {
		this.watch = watch;
	}

	@Override
	public void start() {
		if (!this.running) {
			this.running = true;
			this.watch.start();
		}
	}

	@Override
	public void stop() {
		this.running = false;
		this.watch.close();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
