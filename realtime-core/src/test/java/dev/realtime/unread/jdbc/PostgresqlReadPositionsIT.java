package dev.realtime.unread.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class PostgresqlReadPositionsIT extends JdbcReadPositionsContract {

	@Override
	protected DataSource dataSource() {
		return Databases.postgresql();
	}

}
