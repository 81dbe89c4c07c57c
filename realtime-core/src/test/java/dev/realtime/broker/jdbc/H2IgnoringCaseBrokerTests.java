package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class H2IgnoringCaseBrokerTests extends JdbcBrokerContract {

	@Override
	protected DataSource dataSource() {
		return Databases.h2IgnoringCase();
	}

}
