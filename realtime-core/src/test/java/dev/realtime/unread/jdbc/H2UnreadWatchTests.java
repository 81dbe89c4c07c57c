package dev.realtime.unread.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class H2UnreadWatchTests extends JdbcUnreadWatchContract {

	@Override
	protected DataSource dataSource() {
		return Databases.h2();
	}

}
