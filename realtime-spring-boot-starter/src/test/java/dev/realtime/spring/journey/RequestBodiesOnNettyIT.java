package dev.realtime.spring.journey;

/** Bodies of requests on the Netty listener. */
class RequestBodiesOnNettyIT extends RequestBodiesContract {

	RequestBodiesOnNettyIT() {
		super(StreamNode.startAlone(properties(ChatNode.ON_NETTY, "realtime.netty.handshake-timeout=2s")));
	}

}
