package dev.realtime.relay;

import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.testing.GivenTasks;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A session is lost while its opener returns it. */
@JCStressTest
@Outcome(id = { "1", "2" }, expect = Expect.ACCEPTABLE, desc = "Its loss was told")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "The loss was not reported")
@State
public class SessionEventsStress {

	private static final Loop THREAD = new Loops().adopt("relay", new GivenTasks() {

		@Override
		public void execute(Runnable command) {
			command.run();
		}

	});

	private static final RelaySession SESSION = new NoSession();

	private final AtomicInteger told = new AtomicInteger();

	private final SessionEvents events = new SessionEvents(THREAD, (session) -> this.told.incrementAndGet(), () -> {
	});

	@Actor
	public void opener() {
		this.events.of(SESSION);
	}

	@Actor
	public void engine() {
		this.events.onLost();
	}

	@Arbiter
	public void told(I_Result result) {
		result.r1 = this.told.get();
	}

}
