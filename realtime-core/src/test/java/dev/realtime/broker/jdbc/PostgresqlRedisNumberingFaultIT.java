package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class PostgresqlRedisNumberingFaultIT extends RedisNumberingFaultContract {

	@Override
	protected DataSource dataSource() {
		return Databases.postgresql();
	}

}
