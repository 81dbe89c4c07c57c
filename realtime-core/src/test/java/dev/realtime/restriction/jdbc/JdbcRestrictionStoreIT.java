package dev.realtime.restriction.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.IntStream;

import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.loop.Loops;
import dev.realtime.restriction.Restriction;
import dev.realtime.restriction.Restriction.Kind;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.restriction.RestrictionStoreContract;
import dev.realtime.restriction.Revision;
import dev.realtime.restriction.StoredRestriction;
import dev.realtime.testing.Await;
import dev.realtime.testing.Databases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class JdbcRestrictionStoreIT extends RestrictionStoreContract {

	private final RestrictionStore store = create();

	private final RestrictionStore other = create();

	private static RestrictionStore create() {
		return new JdbcRestrictionStore(new JdbcDatabase(Databases.postgresql(), Duration.ofSeconds(5)), MOST,
				new Loops());
	}

	@Override
	protected RestrictionStore store() {
		return this.store;
	}

	@BeforeEach
	void empty() throws SQLException {
		try (Connection connection = Databases.postgresql().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("DELETE FROM realtime_restriction");
		}
	}

	@AfterEach
	void close() {
		this.store.close();
		this.other.close();
	}

	@Test
	void otherNodesReadIt() {
		Revision before = Await.result(this.other.read(Revision.NONE)).revision();
		put(new Restriction(Kind.BLOCKED, "ann", "\u0000 \\ \ud83d\ude00"), HOUR);
		assertThat(Objects.requireNonNull(Await.result(this.other.read(before)).entries())).singleElement()
			.extracting((entry) -> entry.restriction().detail())
			.isEqualTo("\u0000 \\ \ud83d\ude00");
	}

	@Test
	void changesOfSeveralNodesHaveNumbersOfTheirOwn() {
		var changes = IntStream.range(0, 60)
			.mapToObj((i) -> ((i % 2 == 0) ? this.store : this.other)
				.put(new Restriction(Kind.BLOCKED, "user " + i % MOST, ""), HOUR))
			.toList();
		assertThat(changes.stream().map((change) -> Await.result(change).revision().number()).distinct()).hasSize(60);
	}

	@Test
	void whatWasLostIsRestoredInAnotherEpoch() throws SQLException {
		Revision before = put(new Restriction(Kind.BLOCKED, "ann", "first"), HOUR).revision();
		try (Connection connection = Databases.postgresql().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("DELETE FROM realtime_restriction");
			statement.execute("DELETE FROM realtime_restriction_list");
		}
		Revision after = Await.result(this.other.read(before)).revision();
		assertThat(after.epoch()).isNotEqualTo(before.epoch());
		Await.result(this.store.restore(new Restriction(Kind.BLOCKED, "ann", "first"), HOUR));
		Await.result(this.other.restore(new Restriction(Kind.BLOCKED, "ann", "later"), HOUR));
		assertThat(read()).extracting(StoredRestriction::restriction)
			.containsExactly(new Restriction(Kind.BLOCKED, "ann", "first"));
	}

}
