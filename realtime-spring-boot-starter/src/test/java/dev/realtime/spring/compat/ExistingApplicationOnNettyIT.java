package dev.realtime.spring.compat;

/** The same application with the starter, its clients on the Netty listener. */
class ExistingApplicationOnNettyIT extends StarterContract {

	ExistingApplicationOnNettyIT() {
		super(ExistingApplication.startWith(LoginByConnect.class, "realtime.broker=memory", "realtime.netty.port=0",
				"realtime.drain.spread=0s", "realtime.limits.max-frame-size=" + ExistingApplication.MAX_FRAME + "B"));
	}

}
