package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class MariadbRedisNumberedSequenceIT extends CountedSequenceContract {

	@Override
	protected DataSource dataSource() {
		return Databases.mariadb();
	}

}
