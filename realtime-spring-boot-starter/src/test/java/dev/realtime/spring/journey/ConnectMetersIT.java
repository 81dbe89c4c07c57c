package dev.realtime.spring.journey;

/** On sockets that the servlet container has handed over. */
class ConnectMetersIT extends ConnectMetersContract {

	ConnectMetersIT() {
		super("direct");
	}

}
