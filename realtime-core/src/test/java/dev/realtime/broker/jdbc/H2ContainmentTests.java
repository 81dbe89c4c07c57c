package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class H2ContainmentTests extends JdbcContainmentContract {

	@Override
	protected DataSource dataSource() {
		return Databases.h2();
	}

}
