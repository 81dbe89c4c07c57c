package dev.realtime.unread.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class H2IgnoringCaseReadPositionsTests extends JdbcReadPositionsContract {

	@Override
	protected DataSource dataSource() {
		return Databases.h2IgnoringCase();
	}

}
