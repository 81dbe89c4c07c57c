package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class PostgresqlRedisNumberingIT extends RedisNumberingContract {

	@Override
	protected DataSource dataSource() {
		return Databases.postgresql();
	}

}
