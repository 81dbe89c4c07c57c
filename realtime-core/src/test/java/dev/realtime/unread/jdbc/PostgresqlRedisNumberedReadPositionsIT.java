package dev.realtime.unread.jdbc;

import javax.sql.DataSource;

import dev.realtime.sequence.TopicCounter;
import dev.realtime.testing.Counters;
import dev.realtime.testing.Databases;

class PostgresqlRedisNumberedReadPositionsIT extends JdbcReadPositionsContract {

	@Override
	protected DataSource dataSource() {
		return Databases.postgresql();
	}

	@Override
	protected TopicCounter counter() {
		return Counters.redis();
	}

}
