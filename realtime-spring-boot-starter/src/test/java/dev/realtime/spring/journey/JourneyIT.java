package dev.realtime.spring.journey;

/** The journey over the servlet endpoint. */
class JourneyIT extends JourneyContract {

	JourneyIT() {
		super(FleetServers.redis());
	}

}
