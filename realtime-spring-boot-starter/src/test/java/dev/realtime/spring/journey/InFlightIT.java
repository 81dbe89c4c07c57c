package dev.realtime.spring.journey;

/** Clients' shares of what is under way, in the servlet container. */
class InFlightIT extends InFlightContract {

	InFlightIT() {
		super();
	}

}
