package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class PostgresqlRedisNumberedSequenceIT extends CountedSequenceContract {

	@Override
	protected DataSource dataSource() {
		return Databases.postgresql();
	}

}
