package dev.realtime.spring.journey;

import static org.assertj.core.api.Assertions.assertThat;

/** Tickets of two nodes whose only server is a PostgreSQL. */
class TicketsOnPostgresqlIT extends TicketsContract {

	private static final String DATABASE = PostgresqlAlone.database();

	TicketsOnPostgresqlIT() {
		super(PostgresqlAlone.on(DATABASE));
	}

	@Override
	void assertKeepsNo(String ticket) {
		assertThat(PostgresqlAlone.query(DATABASE,
				"SELECT digest || ' ' || COALESCE(ticket_user, '') FROM realtime_ticket"))
			.isNotEmpty()
			.allSatisfy((row) -> assertThat(row).doesNotContain(ticket))
			.anySatisfy((row) -> assertThat(row).contains("\"user\":\"ann\""));
	}

}
