package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class PostgresqlTopicLogIT extends JdbcTopicLogContract {

	@Override
	protected DataSource dataSource() {
		return Databases.postgresql();
	}

}
