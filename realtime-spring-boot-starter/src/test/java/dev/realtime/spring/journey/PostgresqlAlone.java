package dev.realtime.spring.journey;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.testing.DatabaseServer;

/** Nodes whose only server is one PostgreSQL. */
final class PostgresqlAlone {

	static final DatabaseServer SERVER = DatabaseServer.postgresql();

	private static final AtomicInteger NUMBER = new AtomicInteger();

	private PostgresqlAlone() {
	}

	/** Makes nodes a fleet in a database of their own; no Redis can be reached. */
	static String[] properties(String... more) {
		return on(database(), more);
	}

	/** A new database of the server; returns its url. */
	static String database() {
		String name = "fleet" + NUMBER.incrementAndGet();
		execute("CREATE DATABASE " + name);
		return SERVER.url().replace("/postgres?", "/" + name + "?");
	}

	static String[] on(String url, String... more) {
		String[] all = new String[4 + more.length];
		all[0] = "realtime.broker=jdbc";
		all[1] = "realtime.jdbc.initialize-schema=always";
		all[2] = "spring.datasource.url=" + url;
		all[3] = "spring.data.redis.host=0.0.0.0.invalid";
		System.arraycopy(more, 0, all, 4, more.length);
		return all;
	}

	/** Ends the backends that listen. */
	static void killListeners() {
		execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'");
	}

	/** The first column of a query. */
	static List<String> query(String url, String sql) {
		try (Connection connection = DriverManager.getConnection(url);
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(sql)) {
			List<String> all = new ArrayList<>();
			while (row.next()) {
				all.add(row.getString(1));
			}
			return all;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void execute(String sql) {
		try (Connection connection = DriverManager.getConnection(SERVER.url());
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
