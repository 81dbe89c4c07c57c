package dev.realtime.broker.jdbc;

import javax.sql.DataSource;

import dev.realtime.sequence.TopicCounter;
import dev.realtime.testing.Counters;
import dev.realtime.testing.Databases;

class H2RedisNumberedBrokerIT extends JdbcBrokerContract {

	@Override
	protected DataSource dataSource() {
		return Databases.h2();
	}

	@Override
	protected TopicCounter counter() {
		return Counters.redis();
	}

}
