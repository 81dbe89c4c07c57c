package dev.realtime.spring.journey;

/**
 * On sockets that the servlet container has handed over, and with frames that become no
 * messages.
 */
class ConnectMetersIT extends ConnectMetersContract {

	ConnectMetersIT() {
		super("direct", ChatNode.OBSERVED + "=false");
	}

}
