package dev.realtime.spring.journey;

import org.junit.jupiter.api.Tag;

/** Blocks and ended sessions on two nodes whose only server is a PostgreSQL. */
@Tag("long")
class StoppedUsersOnPostgresqlIT extends StoppedUsersContract {

	StoppedUsersOnPostgresqlIT() {
		super(PostgresqlAlone.properties());
	}

}
