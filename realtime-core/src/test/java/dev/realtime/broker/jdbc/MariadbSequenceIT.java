package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class MariadbSequenceIT extends JdbcSequenceContract {

	@Override
	protected DataSource dataSource() {
		return Databases.mariadb();
	}

}
