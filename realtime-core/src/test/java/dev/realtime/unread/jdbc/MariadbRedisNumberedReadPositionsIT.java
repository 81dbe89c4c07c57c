package dev.realtime.unread.jdbc;

import javax.sql.DataSource;

import dev.realtime.sequence.TopicCounter;
import dev.realtime.testing.Counters;
import dev.realtime.testing.Databases;

class MariadbRedisNumberedReadPositionsIT extends JdbcReadPositionsContract {

	@Override
	protected DataSource dataSource() {
		return Databases.mariadb();
	}

	@Override
	protected TopicCounter counter() {
		return Counters.redis();
	}

}
