package dev.realtime.unread.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class MariadbUnreadWatchIT extends JdbcUnreadWatchContract {

	@Override
	protected DataSource dataSource() {
		return Databases.mariadb();
	}

}
