package dev.realtime.restriction.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

import dev.realtime.Epochs;
import dev.realtime.jdbc.EscapedText;
import dev.realtime.jdbc.JdbcCalls;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.loop.Loops;
import dev.realtime.restriction.Restriction;
import dev.realtime.restriction.Restriction.Kind;
import dev.realtime.restriction.RestrictionList;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.restriction.Revision;
import dev.realtime.restriction.StoredRestriction;
import dev.realtime.restriction.TooManyRestrictionsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restrictions in the tables {@code realtime_restriction} and
 * {@code realtime_restriction_list}. Each change locks the one row of the latter, which
 * has the list's epoch and counts the changes. Times are those of the database's clock.
 * Where the tables were emptied, an epoch begins, and the nodes store again what they
 * know.
 */
public final class JdbcRestrictionStore implements RestrictionStore {

	private static final Logger logger = LoggerFactory.getLogger(JdbcRestrictionStore.class);

	private static final int WAITING = 1_000;

	private static final String NOW = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

	private static final String BEGIN = "INSERT INTO realtime_restriction_list (id, epoch, changes) VALUES (1, ?, 0) "
			+ "ON CONFLICT (id) DO NOTHING";

	private static final String LIST = "SELECT epoch, changes FROM realtime_restriction_list WHERE id = 1";

	private static final String STORE = "INSERT INTO realtime_restriction (restriction_key, detail, ends_at, changed_with) "
			+ "VALUES (?, ?, ?, ?) ON CONFLICT (restriction_key) DO UPDATE SET detail = EXCLUDED.detail, ends_at = "
			+ "EXCLUDED.ends_at, changed_with = EXCLUDED.changed_with";

	private final JdbcDatabase database;

	private final JdbcCalls calls;

	private final int most;

	/**
	 * A store with a thread of its own.
	 * @param database one that has the schema
	 * @param most how many restrictions there may be
	 * @param loops makes the thread
	 */
	public JdbcRestrictionStore(JdbcDatabase database, int most, Loops loops) {
		this.database = database;
		this.most = most;
		this.calls = new JdbcCalls(loops, "realtime-jdbc-sessions", 1, WAITING);
	}

	@Override
	public CompletionStage<Change> put(Restriction restriction, Duration keep) {
		return this.calls.submit(() -> this.database.write((session) -> put(session, restriction, keep, false)));
	}

	@Override
	public CompletionStage<Void> restore(Restriction restriction, Duration keep) {
		return this.calls.submit(() -> this.database.write((session) -> put(session, restriction, keep, true)))
			.thenAccept((change) -> logger.trace("Restored with {}", change.revision()));
	}

	@Override
	public CompletionStage<@Nullable Revision> remove(Restriction restriction) {
		return this.calls.submit(() -> this.database.write((session) -> removeNow(session, restriction)))
			.thenApply((removed) -> removed.isEmpty() ? null : removed.get(0));
	}

	private static List<Revision> removeNow(JdbcSession session, Restriction restriction) throws SQLException {
		Revision revision = lock(session);
		forget(session, now(session));
		int removed = session.update("DELETE FROM realtime_restriction WHERE restriction_key = ?", key(restriction));
		return (removed == 1) ? List.of(next(session, revision)) : List.of();
	}

	@Override
	public CompletionStage<RestrictionList> read(Revision known) {
		return this.calls.submit(() -> this.database.read((session) -> {
			List<Revision> now = session.query(LIST, (row) -> new Revision(row.getString(1), row.getLong(2)));
			Revision revision = now.isEmpty() ? this.database.write(JdbcRestrictionStore::lock) : now.get(0);
			// what is stored meanwhile is read, too, and once more with the next number
			return new RestrictionList(revision, revision.equals(known) ? null : entries(session, now(session)));
		}));
	}

	@Override
	public boolean isShared() {
		return true;
	}

	@Override
	public void close() {
		this.calls.close();
	}

	private Change put(JdbcSession session, Restriction restriction, Duration keep, boolean unlessKnown)
			throws SQLException {
		Revision revision = lock(session);
		long now = now(session);
		forget(session, now);
		Kept known = find(session, restriction);
		if (known != null && unlessKnown) {
			return new Change(revision, known.stored(restriction, now));
		}
		if (known == null && count(session) >= this.most) {
			throw new TooManyRestrictionsException(this.most);
		}
		Revision next = next(session, revision);
		Kept kept = new Kept(restriction.detail(), now + keep.toMillis(), next.number());
		if (known != null) {
			kept = kept.atLeast(known, restriction.kind());
		}
		int unused = session.update(STORE, key(restriction), EscapedText.write(kept.detail), kept.endsAt, kept.number);
		return new Change(next, kept.stored(restriction, now));
	}

	private static Revision lock(JdbcSession session) throws SQLException {
		List<Revision> rows = session.query(LIST + " FOR UPDATE",
				(row) -> new Revision(row.getString(1), row.getLong(2)));
		if (rows.isEmpty()) {
			int unused = session.update(BEGIN, Epochs.next(session.environment().secureRandom()));
			rows = session.query(LIST + " FOR UPDATE", (row) -> new Revision(row.getString(1), row.getLong(2)));
		}
		return rows.get(0);
	}

	private static Revision next(JdbcSession session, Revision revision) throws SQLException {
		int unused = session.update("UPDATE realtime_restriction_list SET changes = ? WHERE id = 1",
				revision.number() + 1);
		return new Revision(revision.epoch(), revision.number() + 1);
	}

	private static long now(JdbcSession session) throws SQLException {
		return session.query(NOW, (row) -> row.getLong(1)).get(0);
	}

	private static void forget(JdbcSession session, long now) throws SQLException {
		int unused = session.update("DELETE FROM realtime_restriction WHERE ends_at <= ?", now);
	}

	private static long count(JdbcSession session) throws SQLException {
		return session.query("SELECT COUNT(*) FROM realtime_restriction", (row) -> row.getLong(1)).get(0);
	}

	private static @Nullable Kept find(JdbcSession session, Restriction restriction) throws SQLException {
		List<Kept> rows = session.query(
				"SELECT detail, ends_at, changed_with FROM realtime_restriction WHERE restriction_key = ?",
				(row) -> new Kept(text(row.getString(1)), row.getLong(2), row.getLong(3)), key(restriction));
		return rows.isEmpty() ? null : rows.get(0);
	}

	private static List<StoredRestriction> entries(JdbcSession session, long now) throws SQLException {
		List<StoredRestriction> entries = new ArrayList<>();
		session.query(
				"SELECT restriction_key, detail, ends_at, changed_with FROM realtime_restriction WHERE ends_at > ?",
				(row) -> {
					String key = text(row.getString(1));
					try {
						entries.add(new Kept(text(row.getString(2)), row.getLong(3), row.getLong(4))
							.stored(Restriction.of(key, text(row.getString(2))), now));
					}
					catch (IllegalArgumentException ex) {
						logger.warn("Ignored a restriction that this version does not know: {}", key);
						logger.debug("The failure with its stack trace", ex);
					}
					return true;
				}, now);
		return entries;
	}

	private static @Nullable String key(Restriction restriction) {
		return EscapedText.write(restriction.key());
	}

	private static String text(String column) {
		return Objects.requireNonNull(EscapedText.read(column));
	}

	/** A row without its key. */
	private record Kept(String detail, long endsAt, long number) {

		StoredRestriction stored(Restriction restriction, long now) {
			return new StoredRestriction(new Restriction(restriction.kind(), restriction.subject(), this.detail),
					Duration.ofMillis(Math.max(0, this.endsAt - now)), this.number);
		}

		/** What was revoked before stays revoked. */
		Kept atLeast(Kept before, Kind kind) {
			if (kind != Kind.TOKEN && kind != Kind.ISSUED_BEFORE) {
				return this;
			}
			boolean weaker = kind == Kind.ISSUED_BEFORE && Long.parseLong(this.detail) < Long.parseLong(before.detail);
			return new Kept(weaker ? before.detail : this.detail, Math.max(this.endsAt, before.endsAt), this.number);
		}

	}

}
