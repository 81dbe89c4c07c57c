package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class MariadbBrokerIT extends JdbcBrokerContract {

	@Override
	protected DataSource dataSource() {
		return Databases.mariadb();
	}

}
