package dev.realtime.log.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One use of a connection, whose statements all have a time limit. For one thread; it
 * neither commits nor closes.
 */
public final class JdbcSession {

	/** Most rows that one statement inserts; a power of two. */
	private static final int MAX_ROWS = 128;

	/** About so many bytes of one statement, or one row. */
	private static final int MAX_BYTES = 1 << 20;

	/** Longest list of parameters that one statement compares with. */
	public static final int MAX_LIST = 512;

	private static final String DUPLICATE = "23505";

	private final Connection connection;

	private final JdbcDialect dialect;

	private final int timeoutSeconds;

	/** Null where the transaction has begun, or there is none. */
	private final @Nullable LazyBegin begin;

	JdbcSession(Connection connection, JdbcDialect dialect, int timeoutSeconds, @Nullable LazyBegin begin) {
		this.connection = connection;
		this.dialect = dialect;
		this.timeoutSeconds = timeoutSeconds;
		this.begin = begin;
	}

	JdbcDialect dialect() {
		return this.dialect;
	}

	/** The rows of a query, all in memory: it must be one that has a limit. */
	public <T> List<T> query(String sql, RowReader<T> reader, @Nullable Object... parameters) throws SQLException {
		beginNow();
		return queryAtBegin(sql, reader, parameters);
	}

	/** Whether the next statement has to begin the transaction. */
	boolean isToBegin() {
		return this.begin != null && this.begin.isPending();
	}

	/**
	 * Like {@link #query}, with a statement that begins the transaction if that is to be
	 * done.
	 */
	<T> List<T> queryAtBegin(String sql, RowReader<T> reader, @Nullable Object... parameters) throws SQLException {
		if (this.begin != null) {
			this.begin.withNext();
		}
		try (PreparedStatement statement = prepare(sql)) {
			bind(statement, 1, parameters);
			try (ResultSet result = statement.executeQuery()) {
				List<T> rows = new ArrayList<>();
				while (result.next()) {
					rows.add(reader.read(result));
				}
				return rows;
			}
		}
	}

	/** Runs one statement and answers how many rows it changed. */
	public int update(String sql, @Nullable Object... parameters) throws SQLException {
		try (PreparedStatement statement = prepare(sql)) {
			bind(statement, 1, parameters);
			return statement.executeUpdate();
		}
	}

	/**
	 * Runs one statement for each row of parameters, in one round trip where possible.
	 */
	public void batch(String sql, List<@Nullable Object[]> rows) throws SQLException {
		if (rows.isEmpty()) {
			return;
		}
		try (PreparedStatement statement = prepare(sql)) {
			for (@Nullable
			Object[] row : rows) {
				bind(statement, 1, row);
				statement.addBatch();
			}
			statement.executeBatch();
		}
	}

	/**
	 * Inserts many rows with few statements. Their lengths are powers of two, so that
	 * only a handful of different texts are ever prepared.
	 * @param into the table and its columns: {@code table (a, b)}
	 */
	void insert(String into, List<@Nullable Object[]> rows) throws SQLException {
		insert("INSERT INTO ", into, "", rows);
	}

	/**
	 * Like {@link #insert}, with more of the statement; answers how many rows it made.
	 */
	int insert(String verb, String into, String end, List<@Nullable Object[]> rows) throws SQLException {
		int inserted = 0;
		int from = 0;
		while (from < rows.size()) {
			int count = chunk(rows, from);
			String row = "(" + marks(rows.get(from).length) + ")";
			String sql = verb + into + " VALUES " + String.join(", ", Collections.nCopies(count, row)) + end;
			try (PreparedStatement statement = prepare(sql)) {
				int next = 1;
				for (@Nullable
				Object[] each : rows.subList(from, from + count)) {
					bind(statement, next, each);
					next += each.length;
				}
				inserted += statement.executeUpdate();
			}
			from += count;
		}
		return inserted;
	}

	/** The same connection, with a shorter time limit. */
	JdbcSession within(int seconds) {
		return new JdbcSession(this.connection, this.dialect, Math.min(seconds, this.timeoutSeconds), this.begin);
	}

	/**
	 * Inserts those rows whose key no row has yet; whoever comes second changes nothing.
	 * @param keys how many of the columns, the first ones, are the key
	 * @param columns separated by commas
	 */
	public void insertMissing(String table, int keys, String columns, List<@Nullable Object[]> rows)
			throws SQLException {
		String sql = this.dialect.insertUnlessThere(table, List.of(columns.split(", ", -1)), keys);
		if (this.dialect.family() != JdbcDialect.Family.H2) {
			batch(sql, rows);
			return;
		}
		for (@Nullable
		Object[] row : rows) {
			try {
				update(sql, row);
			}
			catch (SQLException ex) {
				// H2 has no insert that looks and inserts in one step, and goes on after
				// a failure
				if (!DUPLICATE.equals(ex.getSQLState())) {
					throw ex;
				}
			}
		}
	}

	/** So many question marks, separated by commas. */
	public static String marks(int count) {
		return String.join(", ", Collections.nCopies(count, "?"));
	}

	/**
	 * The list, lengthened to a power of two by its last element, for the same reason.
	 */
	public static <T> List<T> padded(List<T> list) {
		int size = Integer.highestOneBit(list.size());
		if (size == list.size()) {
			return list;
		}
		List<T> padded = new ArrayList<>(list);
		while (padded.size() < 2 * size) {
			padded.add(list.get(list.size() - 1));
		}
		return padded;
	}

	private static int chunk(List<@Nullable Object[]> rows, int from) {
		int most = Math.min(MAX_ROWS, rows.size() - from);
		long bytes = 0;
		int count = 0;
		while (count < most) {
			bytes += bytes(rows.get(from + count));
			if (bytes > MAX_BYTES) {
				break;
			}
			count++;
		}
		return Math.max(1, Integer.highestOneBit(count));
	}

	private static long bytes(@Nullable Object[] row) {
		long bytes = 0;
		for (Object value : row) {
			if (value instanceof byte[] array) {
				bytes += array.length;
			}
			else if (value instanceof String text) {
				bytes += text.length();
			}
		}
		return bytes;
	}

	private void beginNow() throws SQLException {
		if (this.begin != null) {
			this.begin.now();
		}
	}

	private PreparedStatement prepare(String sql) throws SQLException {
		beginNow();
		PreparedStatement statement = this.connection.prepareStatement(sql);
		try {
			statement.setQueryTimeout(this.timeoutSeconds);
		}
		catch (SQLException ex) {
			statement.close();
			throw ex;
		}
		return statement;
	}

	private static void bind(PreparedStatement statement, int from, @Nullable Object... values) throws SQLException {
		int index = from;
		for (Object value : values) {
			if (value instanceof byte[] bytes) {
				statement.setBytes(index, bytes);
			}
			else if (value instanceof String text) {
				statement.setString(index, text);
			}
			else if (value == null) {
				statement.setNull(index, Types.NULL);
			}
			else {
				statement.setLong(index, ((Number) value).longValue());
			}
			index++;
		}
	}

	/** Makes a value of the row that a result stands on. */
	@FunctionalInterface
	public interface RowReader<T> {

		/** Reads the columns of that row. */
		T read(ResultSet row) throws SQLException;

	}

}
