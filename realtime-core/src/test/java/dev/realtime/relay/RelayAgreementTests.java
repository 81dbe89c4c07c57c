package dev.realtime.relay;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class RelayAgreementTests {

	private static final RelayAgreement REDIS = new RelayAgreement("redis", null);

	private static final RelayAgreement TO_NATS = new RelayAgreement("nats", "redis");

	private static final RelayAgreement NATS = new RelayAgreement("nats", null);

	@Test
	void theFirstNodeDecides() {
		assertThat(RelayAgreement.next(null, "redis", null)).isEqualTo(REDIS);
		assertThat(RelayAgreement.next(null, "nats", "redis")).isEqualTo(TO_NATS);
		assertThat(RelayAgreement.next(REDIS, "redis", null)).isEqualTo(REDIS);
		assertThat(RelayAgreement.next(REDIS, "nats", null)).isNull();
		assertThat(RelayAgreement.next(REDIS, "nats", "rabbit")).isNull();
	}

	@Test
	void aMoveBeginsWithTheFirstNodeThatMovesAndEndsWithTheFirstThatDoesNot() {
		assertThat(RelayAgreement.next(REDIS, "nats", "redis")).isEqualTo(TO_NATS);
		assertThat(RelayAgreement.next(TO_NATS, "nats", "redis")).isEqualTo(TO_NATS);
		assertThat(RelayAgreement.next(TO_NATS, "redis", null)).isEqualTo(TO_NATS);
		assertThat(RelayAgreement.next(TO_NATS, "rabbit", null)).isNull();
		assertThat(RelayAgreement.next(TO_NATS, "nats", null)).isEqualTo(NATS);
		assertThat(RelayAgreement.next(NATS, "redis", null)).isNull();
		assertThat(RelayAgreement.next(NATS, "nats", "redis")).isEqualTo(NATS);
	}

	@Test
	void aMoveIsTakenBackInTheSameWay() {
		RelayAgreement back = new RelayAgreement("redis", "nats");
		assertThat(RelayAgreement.next(TO_NATS, "redis", "nats")).isEqualTo(back);
		assertThat(RelayAgreement.next(back, "nats", "redis")).isEqualTo(TO_NATS);
		assertThat(RelayAgreement.next(back, "redis", null)).isEqualTo(REDIS);
	}

	@Test
	void nodesThatStartAtTheSameTimeAgree() {
		FleetStore store = new FleetStore();
		store.kept = REDIS;
		assertThat(RelayAgreement.differing(store, "redis", null)).isNull();
		assertThat(RelayAgreement.differing(store, "nats", null)).isEqualTo(REDIS);
		store.meanwhile = TO_NATS;
		assertThat(RelayAgreement.differing(store, "redis", null)).isNull();
		assertThat(store.kept).isEqualTo(TO_NATS);
		FleetStore restless = new FleetStore() {
			private int count;

			@Override
			public RelayAgreement replace(@Nullable RelayAgreement known, RelayAgreement next) {
				return new RelayAgreement("redis", "other" + this.count++);
			}
		};
		assertThatIllegalStateException().isThrownBy(() -> RelayAgreement.differing(restless, "redis", null))
			.withMessageContaining("20 times");
	}

	/** Keeps it in memory, and changes it once before it is asked. */
	private static class FleetStore implements RelayAgreement.Store {

		private @Nullable RelayAgreement kept;

		private @Nullable RelayAgreement meanwhile;

		@Override
		public RelayAgreement replace(@Nullable RelayAgreement known, RelayAgreement next) {
			if (this.meanwhile != null) {
				this.kept = this.meanwhile;
				this.meanwhile = null;
			}
			if (java.util.Objects.equals(this.kept, known)) {
				this.kept = next;
			}
			return (this.kept != null) ? this.kept : next;
		}

	}

}
