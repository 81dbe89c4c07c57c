package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class MariadbContainmentIT extends JdbcContainmentContract {

	@Override
	protected DataSource dataSource() {
		return Databases.mariadb();
	}

	@Override
	protected boolean comesWithReadCommitted() {
		return false;
	}

}
