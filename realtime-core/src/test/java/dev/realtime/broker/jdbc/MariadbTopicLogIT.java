package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class MariadbTopicLogIT extends JdbcTopicLogContract {

	@Override
	protected DataSource dataSource() {
		return Databases.mariadb();
	}

}
