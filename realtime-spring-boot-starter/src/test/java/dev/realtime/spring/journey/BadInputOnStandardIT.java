package dev.realtime.spring.journey;

/** Mistakes through the container's own WebSocket. */
class BadInputOnStandardIT extends BadInputContract {

	BadInputOnStandardIT() {
		super("realtime.limits.subscriptions-per-connection=3", "realtime.limits.connections-per-user=2",
				"realtime.servlet.transport=standard");
	}

}
