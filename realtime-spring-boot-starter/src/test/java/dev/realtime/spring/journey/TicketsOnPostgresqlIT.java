package dev.realtime.spring.journey;

/** Tickets of two nodes whose only server is a PostgreSQL. */
class TicketsOnPostgresqlIT extends TicketsContract {

	TicketsOnPostgresqlIT() {
		super(PostgresqlAlone.properties());
	}

}
