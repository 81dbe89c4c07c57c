package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class H2RedisNumberedSequenceIT extends CountedSequenceContract {

	@Override
	protected DataSource dataSource() {
		return Databases.h2();
	}

}
