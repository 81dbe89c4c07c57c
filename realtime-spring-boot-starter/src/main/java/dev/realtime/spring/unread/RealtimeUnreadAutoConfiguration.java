package dev.realtime.spring.unread;

import dev.realtime.jdbc.JdbcCalls;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.log.jdbc.JdbcTopicLog;
import dev.realtime.loop.Loops;
import dev.realtime.spring.DurableTopics;
import dev.realtime.spring.JdbcProperties;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.jdbc.EnginePool;
import dev.realtime.spring.security.TopicAccessAutoConfiguration;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.unread.ReadPositions;
import dev.realtime.unread.UnreadWatch;
import dev.realtime.unread.jdbc.JdbcReadPositions;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;

/**
 * Read positions and unread counts, where the log is in the application's database and
 * somebody decides who may read.
 */
@AutoConfiguration(after = { RealtimeAutoConfiguration.class, TopicAccessAutoConfiguration.class })
@ConditionalOnBean({ EnginePool.class, TopicAuthorization.class })
public class RealtimeUnreadAutoConfiguration {

	/** How many calls may wait for the database. */
	private static final int WAITING = 10_000;

	/** Threads of its own, so that a burst of questions delays no recovery. */
	@Bean(destroyMethod = "close", defaultCandidate = false)
	JdbcCalls realtimeUnreadCalls(Loops loops) {
		return new JdbcCalls(loops, "realtime-unread-reader", JdbcProperties.UNREAD_THREADS, WAITING);
	}

	@Bean(defaultCandidate = false)
	JdbcDatabase realtimeUnreadDatabase(EnginePool pool, RealtimeProperties properties, Loops loops) {
		return new JdbcDatabase(pool.dataSource(), properties.jdbc().statementTimeout(), loops.environment());
	}

	@Bean
	ReadPositions realtimeReadPositions(@Qualifier("realtimeUnreadDatabase") JdbcDatabase database,
			@Qualifier("realtimeUnreadCalls") JdbcCalls calls) {
		return new JdbcReadPositions(database, calls);
	}

	@Bean(initMethod = "start", destroyMethod = "close")
	UnreadWatch realtimeUnreadWatch(ReadPositions positions, @Qualifier("realtimeUnreadDatabase") JdbcDatabase database,
			@Qualifier("realtimeUnreadCalls") JdbcCalls calls, RealtimeProperties properties, Loops loops) {
		JdbcTopicLog log = new JdbcTopicLog(database, calls, loops.environment().clock());
		return new UnreadWatch(positions, log, properties.unread().pushInterval(), loops);
	}

	@Bean
	UserUnread realtimeUserUnread(ReadPositions positions, UnreadWatch watch, TopicAuthorization access,
			DurableTopics durable) {
		return new UserUnread(positions, watch, access, durable);
	}

}
