package dev.realtime.broker;

import dev.realtime.testing.MovableClock;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DelegatingBrokerTests {

	private final MemoryBroker memory = new MemoryBroker(new MovableClock());

	private final Broker inner = new InFront(this.memory);

	private final Broker outer = new InFront(this.inner);

	@Test
	void aBrokerIsItself() {
		assertThat(this.memory.unwrap(MemoryBroker.class)).isSameAs(this.memory);
		assertThat(this.memory.unwrap(RoutingBroker.class)).isNull();
	}

	@Test
	void theBrokerBehindOthersIsFound() {
		assertThat(this.outer.unwrap(MemoryBroker.class)).isSameAs(this.memory);
		assertThat(this.outer.unwrap(RoutingBroker.class)).isNull();
	}

	@Test
	void theFirstOfATypeIsFound() {
		assertThat(this.outer.unwrap(InFront.class)).isSameAs(this.outer);
		assertThat(this.inner.unwrap(InFront.class)).isSameAs(this.inner);
	}

	private static final class InFront extends DelegatingBroker {

		private final Broker broker;

		InFront(Broker broker) {
			this.broker = broker;
		}

		@Override
		protected Broker delegate() {
			return this.broker;
		}

	}

}
