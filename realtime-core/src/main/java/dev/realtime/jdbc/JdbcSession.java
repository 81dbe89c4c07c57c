package dev.realtime.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

import dev.realtime.loop.Environment;
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

	/**
	 * A number that is not there, as a parameter; a null is a text. If a parameter had no
	 * type, PostgreSQL's driver would wait for an answer before it sends a statement that
	 * it has prepared.
	 */
	public static final Object NO_NUMBER = new Object();

	private static final String DUPLICATE = "23505";

	private final Connection connection;

	private final JdbcDialect dialect;

	private final int timeoutSeconds;

	/** Null where it is the caller's, or there is none. */
	private final @Nullable Transaction transaction;

	private final Environment environment;

	JdbcSession(Connection connection, JdbcDialect dialect, int timeoutSeconds, @Nullable Transaction transaction,
			Environment environment) {
		this.environment = environment;
		this.connection = connection;
		this.dialect = dialect;
		this.timeoutSeconds = timeoutSeconds;
		this.transaction = transaction;
	}

	/** Returns the source of time and randomness of whatever uses the session. */
	public Environment environment() {
		return this.environment;
	}

	/** Returns what differs in the session's database. */
	public JdbcDialect dialect() {
		return this.dialect;
	}

	/**
	 * Returns whether its transaction may see rows as they were when it began, although
	 * others have changed them since.
	 */
	public boolean seesOldRows() throws SQLException {
		return this.connection.getTransactionIsolation() > Connection.TRANSACTION_READ_COMMITTED;
	}

	/** The rows of a query, all in memory: it must be one that has a limit. */
	public <T> List<T> query(String sql, RowReader<T> reader, @Nullable Object... parameters) throws SQLException {
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

	/** Which ends of the transaction the next statement is to contain, if it can. */
	public TransactionEnds ends() {
		return (this.transaction != null) ? this.transaction.next() : TransactionEnds.NEITHER;
	}

	/**
	 * Runs a statement that stores something, and contains these ends of the transaction.
	 * @param stored whether the statement has done its work, by its first row; otherwise
	 * it must not have committed
	 * @return its first row, or null
	 */
	public <T> @Nullable T store(TransactionEnds ends, String sql, RowReader<T> reader, Predicate<@Nullable T> stored,
			@Nullable Object... parameters) throws SQLException {
		if (this.transaction == null || ends == TransactionEnds.NEITHER) {
			List<T> rows = query(sql, reader, parameters);
			return rows.isEmpty() ? null : rows.get(0);
		}
		try (PreparedStatement statement = open(sql)) {
			bind(statement, 1, parameters);
			this.transaction.sent(ends);
			try (ResultSet result = statement.executeQuery()) {
				T row = result.next() ? reader.read(result) : null;
				this.transaction.answered(stored.test(row));
				return row;
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
	public void insert(String into, List<@Nullable Object[]> rows) throws SQLException {
		insert("INSERT INTO ", into, "", rows);
	}

	/**
	 * Like {@link #insert}, with more of the statement; answers how many rows it made.
	 */
	public int insert(String verb, String into, String end, List<@Nullable Object[]> rows) throws SQLException {
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
	public JdbcSession within(int seconds) {
		return new JdbcSession(this.connection, this.dialect, Math.min(seconds, this.timeoutSeconds), this.transaction,
				this.environment);
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

	private PreparedStatement prepare(String sql) throws SQLException {
		if (this.transaction != null) {
			this.transaction.begin();
		}
		return open(sql);
	}

	private PreparedStatement open(String sql) throws SQLException {
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
				statement.setNull(index, Types.VARCHAR);
			}
			else if (value == NO_NUMBER) {
				statement.setNull(index, Types.BIGINT);
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
