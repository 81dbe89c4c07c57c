package dev.realtime.spring.journey;

/** Events from the servlet container. */
class StreamsIT extends StreamsContract {

	StreamsIT() {
		super("realtime.http.sse-heartbeat=1s", "realtime.presence.grace=1s");
	}

}
