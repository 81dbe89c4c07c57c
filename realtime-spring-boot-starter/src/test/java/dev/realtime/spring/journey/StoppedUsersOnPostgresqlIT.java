package dev.realtime.spring.journey;

/** Blocks and ended sessions on two nodes whose only server is a PostgreSQL. */
class StoppedUsersOnPostgresqlIT extends StoppedUsersContract {

	StoppedUsersOnPostgresqlIT() {
		super(PostgresqlAlone.properties());
	}

}
