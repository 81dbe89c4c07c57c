package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class MariadbRedisNumberingFaultIT extends RedisNumberingFaultContract {

	@Override
	protected DataSource dataSource() {
		return Databases.mariadb();
	}

}
