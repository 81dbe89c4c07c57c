package dev.realtime.relay.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * A connection that listens, for as long as it lives. It is taken from the data source
 * and kept, so it takes one place of a pool. For one thread.
 */
final class ListenReceiver implements NoticeReceiver {

	private static final int CLOSING_MILLIS = 1_000;

	private final Connection connection;

	private final PGConnection driver;

	private final int networkTimeoutMillis;

	private final String channel;

	private boolean broken;

	private ListenReceiver(Connection connection, PGConnection driver, String channel) throws SQLException {
		this.connection = connection;
		this.driver = driver;
		this.channel = channel;
		this.networkTimeoutMillis = connection.getNetworkTimeout();
	}

	/**
	 * Takes a connection and listens on it.
	 * @throws SQLException when the database is away
	 * @throws IllegalStateException when it is no PostgreSQL, or not with its own driver
	 */
	static ListenReceiver open(DataSource dataSource, Duration statementTimeout) throws SQLException {
		Connection connection = dataSource.getConnection();
		try {
			connection.setAutoCommit(true);
			ListenReceiver ear = new ListenReceiver(connection, driver(connection),
					channel(connection, statementTimeout));
			ear.execute("LISTEN " + ear.channel, (int) statementTimeout.toMillis());
			return ear;
		}
		catch (Throwable ex) {
			abort(connection);
			throw ex;
		}
	}

	@Override
	public List<String> hear(Duration patience) throws SQLException {
		try {
			List<String> payloads = new ArrayList<>();
			for (PGNotification each : this.driver.getNotifications((int) patience.toMillis())) {
				if (each.getName().equals(this.channel)) {
					payloads.add(each.getParameter());
				}
			}
			return payloads;
		}
		catch (SQLException ex) {
			this.broken = true;
			throw ex;
		}
	}

	/** It does not hear what it should: what it says now cannot be trusted. */
	void isDeaf() {
		this.broken = true;
	}

	@Override
	public void close() {
		try {
			if (!this.broken) {
				execute("UNLISTEN " + this.channel, CLOSING_MILLIS);
				this.connection.setNetworkTimeout(Runnable::run, this.networkTimeoutMillis);
				this.connection.close();
				return;
			}
		}
		catch (SQLException ex) {
			// a pool must not get it back as it is
		}
		abort(this.connection);
	}

	private void execute(String sql, int millis) throws SQLException {
		this.connection.setNetworkTimeout(Runnable::run, millis);
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static PGConnection driver(Connection connection) throws SQLException {
		if (!connection.isWrapperFor(PGConnection.class)) {
			throw new IllegalStateException("The relay \"postgres\" (realtime.relay) needs PostgreSQL and its own JDBC "
					+ "driver, but the database is \"" + connection.getMetaData().getDatabaseProductName() + '"');
		}
		return connection.unwrap(PGConnection.class);
	}

	private static String channel(Connection connection, Duration timeout) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.setQueryTimeout((int) Math.max(1, timeout.toSeconds()));
			try (ResultSet result = statement.executeQuery("SELECT " + Notices.CHANNEL)) {
				result.next();
				return result.getString(1);
			}
		}
	}

	private static void abort(Connection connection) {
		try {
			connection.abort(Runnable::run);
		}
		catch (SQLException ex) {
			// the server ends what is left of it
		}
		try {
			connection.close();
		}
		catch (SQLException ex) {
			// it is broken already
		}
	}

}
