package dev.realtime.spring;

import dev.realtime.node.FleetMember;

/**
 * Closes the node while the application's Redis client still works: Spring Data's
 * connection factory shuts its client down in phase 0, before any bean is destroyed.
 */
final class NodeLifecycle implements NodePart {

	private static final int PHASE = 1_024;

	private final FleetMember node;

	NodeLifecycle(FleetMember node) {
		this.node = node;
	}

	@Override
	public void start() {
		this.node.start();
	}

	@Override
	public void stop() {
		this.node.close();
	}

	@Override
	public boolean isRunning() {
		return this.node.isOpen();
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
