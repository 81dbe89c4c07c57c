package dev.realtime.spring.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import com.zaxxer.hikari.util.Credentials;
import dev.realtime.broker.jdbc.DatabaseUnusableException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.util.ClassUtils;

/**
 * Where the engine takes its connections from. An application's pool may be empty for as
 * long as its requests wait for receipts, which would then wait for it; and it usually
 * lets one wait 30 s for a connection. So where that pool is HikariCP's the engine has a
 * small one of its own, made from the same configuration. User and password are those
 * that the application's pool has when a connection is opened, so that both follow a
 * rotation.
 *
 * @param dataSource gives connections
 * @param own whether it is the engine's own, closed with this
 */
public record EnginePool(DataSource dataSource, boolean own) implements AutoCloseable {

	private static final boolean HIKARI = ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource",
			EnginePool.class.getClassLoader());

	/**
	 * A pool beside the application's, or, where that cannot be copied, that one.
	 * @param wanted whether the engine shall have a pool of its own
	 * @param size most connections of it
	 * @param timeout the longest that it may take to give one
	 * @throws DatabaseUnusableException when the database is away
	 */
	public static EnginePool of(DataSource application, boolean wanted, int size, Duration timeout) {
		if (wanted && HIKARI) {
			HikariDataSource known = DataSourceUnwrapper.unwrap(application, HikariConfigMXBean.class,
					HikariDataSource.class);
			if (known != null) {
				return new EnginePool(copy(known, size, timeout), true);
			}
		}
		return new EnginePool(application, false);
	}

	@Override
	public void close() {
		if (this.own && this.dataSource instanceof HikariDataSource pool) {
			pool.close();
		}
	}

	private static DataSource copy(HikariDataSource application, int size, Duration timeout) {
		HikariConfig config = new HikariConfig();
		application.copyStateTo(config);
		config.setPoolName("realtime");
		config.setMaximumPoolSize(size);
		config.setMinimumIdle(1);
		config.setConnectionTimeout(timeout.toMillis());
		config.setValidationTimeout(Math.min(config.getValidationTimeout(), timeout.toMillis()));
		config.setAutoCommit(true);
		config.setReadOnly(false);
		// the relay over PostgreSQL keeps one connection
		config.setLeakDetectionThreshold(0);
		config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
		try {
			return new FollowingPool(config, application);
		}
		catch (PoolInitializationException ex) {
			throw new DatabaseUnusableException(
					new SQLException(String.valueOf(ex.getMessage()).toLowerCase(Locale.ROOT), ex));
		}
	}

	/** A pool that opens connections as the user of another. */
	private static final class FollowingPool extends HikariDataSource {

		/** Null while the constructor of the superclass opens the first connection. */
		private final @Nullable HikariDataSource application;

		FollowingPool(HikariConfig config, HikariDataSource application) {
			super(config);
			this.application = application;
		}

		@Override
		public Credentials getCredentials() {
			HikariDataSource followed = this.application;
			return (followed != null) ? followed.getCredentials() : super.getCredentials();
		}

	}

}
