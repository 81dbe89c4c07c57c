package dev.realtime.spring.journey;

/** Through the container's own WebSocket. */
class DrainOnStandardIT extends DrainContract {

	DrainOnStandardIT() {
		super("realtime.servlet.transport=standard");
	}

}
