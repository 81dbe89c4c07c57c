package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class H2BrokerTests extends JdbcBrokerContract {

	@Override
	protected DataSource dataSource() {
		return Databases.h2();
	}

}
