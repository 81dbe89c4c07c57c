package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class MariadbForgottenCounterIT extends ForgottenCounterContract {

	@Override
	protected DataSource dataSource() {
		return Databases.mariadb();
	}

}
