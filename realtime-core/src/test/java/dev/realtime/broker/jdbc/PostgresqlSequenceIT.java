package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class PostgresqlSequenceIT extends JdbcSequenceContract {

	@Override
	protected DataSource dataSource() {
		return Databases.postgresql();
	}

}
