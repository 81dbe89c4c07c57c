package dev.realtime.test;

import dev.realtime.broker.Broker;
import dev.realtime.broker.DelegatingBroker;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.loop.Environment;
import org.junit.jupiter.api.Test;

import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class RealtimeFaultsTests {

	@Test
	void aBrokerOfTheApplicationsOwnHasNoFaults() {
		try (GenericApplicationContext application = new GenericApplicationContext()) {
			application.registerBean("own", Broker.class, OwnBroker::new);
			new RealtimeTestKit().initialize(application);
			application.refresh();
			assertThat(application.getBean(Broker.class)).isInstanceOf(OwnBroker.class);
			assertThatIllegalStateException().isThrownBy(() -> RealtimeFaults.of(application))
				.withMessageContaining(OwnBroker.class.getName())
				.withMessageContaining("Remove its Broker bean");
		}
	}

	@Test
	void theBrokerBehindTheFaultsIsStillKnown() {
		MemoryBroker memory = new MemoryBroker(Environment.system());
		FaultyBroker faulty = new FaultyBroker(new ReplaceableBroker(memory, Environment.system()), () -> {
		});
		assertThat(faulty.unwrap(MemoryBroker.class)).isSameAs(memory);
		assertThat(faulty.unwrap(FaultyBroker.class)).isSameAs(faulty);
		assertThat(faulty.unwrap(OwnBroker.class)).isNull();
		memory.close();
	}

	private static final class OwnBroker extends DelegatingBroker {

		private final MemoryBroker memory = new MemoryBroker(Environment.system());

		@Override
		protected Broker delegate() {
			return this.memory;
		}

	}

}
