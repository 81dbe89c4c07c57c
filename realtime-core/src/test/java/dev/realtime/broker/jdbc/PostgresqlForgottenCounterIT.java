package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;

class PostgresqlForgottenCounterIT extends ForgottenCounterContract {

	@Override
	protected DataSource dataSource() {
		return Databases.postgresql();
	}

}
