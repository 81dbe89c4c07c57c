package dev.realtime.unread.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class PostgresqlUnreadWatchIT extends JdbcUnreadWatchContract {

	@Override
	protected DataSource dataSource() {
		return Databases.postgresql();
	}

}
