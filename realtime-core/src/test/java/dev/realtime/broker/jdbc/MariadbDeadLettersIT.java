package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class MariadbDeadLettersIT extends DeadLettersContract {

	@Override
	protected DataSource dataSource() {
		return Databases.mariadb();
	}

}
