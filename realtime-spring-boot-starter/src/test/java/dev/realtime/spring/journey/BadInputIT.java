package dev.realtime.spring.journey;

/** Mistakes on the servlet endpoint. */
class BadInputIT extends BadInputContract {

	BadInputIT() {
		super("realtime.limits.subscriptions-per-connection=3", "realtime.limits.connections-per-user=2");
	}

}
