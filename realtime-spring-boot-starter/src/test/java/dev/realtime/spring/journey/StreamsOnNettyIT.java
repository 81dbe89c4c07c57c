package dev.realtime.spring.journey;

/** Events from the Netty listener. */
class StreamsOnNettyIT extends StreamsContract {

	StreamsOnNettyIT() {
		super("realtime.http.sse-heartbeat=1s", "realtime.presence.grace=1s", ChatNode.ON_NETTY);
	}

}
