package dev.realtime.spring.journey;

/** Through the container's own WebSocket. */
class ConnectMetersOnStandardIT extends ConnectMetersContract {

	ConnectMetersOnStandardIT() {
		super("servlet", "realtime.servlet.transport=standard");
	}

}
