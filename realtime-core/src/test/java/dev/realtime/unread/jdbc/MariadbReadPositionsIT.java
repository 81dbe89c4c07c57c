package dev.realtime.unread.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class MariadbReadPositionsIT extends JdbcReadPositionsContract {

	@Override
	protected DataSource dataSource() {
		return Databases.mariadb();
	}

}
