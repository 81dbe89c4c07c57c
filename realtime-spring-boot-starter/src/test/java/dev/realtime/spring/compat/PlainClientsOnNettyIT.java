package dev.realtime.spring.compat;

/** They use the Netty listener. */
class PlainClientsOnNettyIT extends PlainClientsContract {

	PlainClientsOnNettyIT() {
		super("realtime.netty.port=0");
	}

}
