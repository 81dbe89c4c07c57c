package dev.realtime.restriction;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import dev.realtime.restriction.Restriction.Kind;
import dev.realtime.restriction.RestrictionStore.Change;
import dev.realtime.testing.Await;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What every store of restrictions does. The store under test holds three. */
public abstract class RestrictionStoreContract {

	protected static final int MOST = 3;

	protected static final Duration HOUR = Duration.ofHours(1);

	protected abstract RestrictionStore store();

	@Test
	void aChangeHasTheNextNumberAndIsRead() {
		Revision before = Await.result(store().read(Revision.NONE)).revision();
		Change change = put(new Restriction(Kind.BLOCKED, "Ann: b c\n", "why not"), HOUR);
		assertThat(change.revision()).isEqualTo(new Revision(before.epoch(), before.number() + 1));
		assertThat(read()).singleElement().satisfies((entry) -> {
			assertThat(entry.restriction()).isEqualTo(new Restriction(Kind.BLOCKED, "Ann: b c\n", "why not"));
			assertThat(entry.left()).isBetween(HOUR.minusMinutes(1), HOUR);
			assertThat(entry.number()).isEqualTo(change.revision().number());
		});
		assertThat(Await.result(store().read(change.revision())).entries()).isNull();
	}

	@Test
	void aLaterOneOfTheSameKeyReplacesTheFirst() {
		put(new Restriction(Kind.BLOCKED, "ann", ""), HOUR);
		put(new Restriction(Kind.BLOCKED, "ann", ""), Duration.ofMinutes(1));
		assertThat(read()).singleElement()
			.satisfies((entry) -> assertThat(entry.left()).isLessThanOrEqualTo(Duration.ofMinutes(1)));
	}

	@Test
	void aRevocationIsNeverWeakened() {
		put(new Restriction(Kind.ISSUED_BEFORE, "ann", "2000"), HOUR);
		Change weaker = put(new Restriction(Kind.ISSUED_BEFORE, "ann", "1000"), Duration.ofMinutes(1));
		assertThat(weaker.stored().restriction().detail()).isEqualTo("2000");
		put(new Restriction(Kind.TOKEN, "token-1", ""), HOUR);
		put(new Restriction(Kind.TOKEN, "token-1", ""), Duration.ofMinutes(1));
		assertThat(read()).hasSize(2)
			.allSatisfy((entry) -> assertThat(entry.left()).isGreaterThan(Duration.ofMinutes(50)));
	}

	@Test
	void unsubscriptionsOfOneUserFromSeveralPatternsAreKept() {
		put(new Restriction(Kind.UNSUBSCRIBED, "ann", "room.*"), HOUR);
		put(new Restriction(Kind.UNSUBSCRIBED, "ann", "news"), HOUR);
		assertThat(read()).extracting(StoredRestriction::restriction)
			.containsExactlyInAnyOrder(new Restriction(Kind.UNSUBSCRIBED, "ann", "room.*"),
					new Restriction(Kind.UNSUBSCRIBED, "ann", "news"));
	}

	@Test
	void whatIsRemovedIsGoneAndCountsAsAChange() {
		Restriction block = new Restriction(Kind.BLOCKED, "ann", "");
		assertThat(Await.result(store().remove(block))).isNull();
		long number = put(block, HOUR).revision().number();
		assertThat(Objects.requireNonNull(Await.result(store().remove(block))).number()).isEqualTo(number + 1);
		assertThat(read()).isEmpty();
	}

	@Test
	void rule8_thereAreAsManyAsAllowedAndNoMoreUntilSomeExpire() {
		for (int i = 1; i < MOST; i++) {
			put(new Restriction(Kind.BLOCKED, "user-" + i, ""), HOUR);
		}
		put(new Restriction(Kind.BLOCKED, "short", ""), Duration.ofMillis(200));
		assertThatExceptionOfType(TooManyRestrictionsException.class)
			.isThrownBy(() -> put(new Restriction(Kind.BLOCKED, "one more", ""), HOUR))
			.withMessageContaining("realtime.sessions.max-restrictions");
		put(new Restriction(Kind.BLOCKED, "user-1", ""), HOUR);
		Await.until(() -> put(new Restriction(Kind.BLOCKED, "one more", ""), HOUR));
		assertThat(read()).extracting((entry) -> entry.restriction().subject()).doesNotContain("short").hasSize(MOST);
	}

	@Test
	void whatHasExpiredIsNotRead() {
		put(new Restriction(Kind.BLOCKED, "short", ""), Duration.ofMillis(1));
		Await.until(() -> assertThat(read()).isEmpty());
	}

	protected Change put(Restriction restriction, Duration keep) {
		return Await.result(store().put(restriction, keep));
	}

	protected List<StoredRestriction> read() {
		return Objects.requireNonNull(Await.result(store().read(Revision.NONE)).entries());
	}

}
