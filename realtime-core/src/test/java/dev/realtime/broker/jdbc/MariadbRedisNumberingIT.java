package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class MariadbRedisNumberingIT extends RedisNumberingContract {

	@Override
	protected DataSource dataSource() {
		return Databases.mariadb();
	}

}
