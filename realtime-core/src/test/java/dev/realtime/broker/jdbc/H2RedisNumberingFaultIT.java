package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class H2RedisNumberingFaultIT extends RedisNumberingFaultContract {

	@Override
	protected DataSource dataSource() {
		return Databases.h2();
	}

}
