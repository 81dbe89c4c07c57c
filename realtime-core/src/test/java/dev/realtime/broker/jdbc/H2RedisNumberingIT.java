package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class H2RedisNumberingIT extends RedisNumberingContract {

	@Override
	protected DataSource dataSource() {
		return Databases.h2();
	}

}
