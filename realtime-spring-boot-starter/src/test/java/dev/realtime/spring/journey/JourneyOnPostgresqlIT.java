package dev.realtime.spring.journey;

/** The journey on two nodes whose only server is a PostgreSQL. */
class JourneyOnPostgresqlIT extends JourneyContract {

	JourneyOnPostgresqlIT() {
		super(FleetServers.postgresql());
	}

}
