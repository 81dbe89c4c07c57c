package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class PostgresqlContainmentIT extends JdbcContainmentContract {

	@Override
	protected DataSource dataSource() {
		return Databases.postgresql();
	}

}
