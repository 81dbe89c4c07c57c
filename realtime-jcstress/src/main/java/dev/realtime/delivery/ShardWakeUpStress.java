package dev.realtime.delivery;

import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.loop.Loops;
import dev.realtime.testing.GivenTasks;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A shard is given a task while it ends a pass. */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Both tasks have run")
@Outcome(expect = Expect.FORBIDDEN, desc = "A task was lost, or has run twice")
@State
public class ShardWakeUpStress {

	private static final DeliveryStats STATS = new DeliveryStats();

	private final GivenTasks thread = new GivenTasks();

	private final DeliveryShard shard = new DeliveryShard(new Loops().adopt("shard", this.thread), STATS);

	private final AtomicInteger ran = new AtomicInteger();

	public ShardWakeUpStress() {
		this.shard.execute(this.ran::incrementAndGet);
	}

	@Actor
	public void shard() {
		this.thread.run();
	}

	@Actor
	public void other() {
		this.shard.execute(this.ran::incrementAndGet);
	}

	@Arbiter
	public void ran(I_Result result) {
		this.thread.run();
		result.r1 = this.ran.get();
	}

}
