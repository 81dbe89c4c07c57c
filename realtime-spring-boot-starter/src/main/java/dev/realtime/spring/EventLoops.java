package dev.realtime.spring;

import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/** A server's event loops, each of which is a delivery shard of the node. */
public interface EventLoops {

	/** Each runs its tasks one after the other, on one thread. */
	List<? extends ScheduledExecutorService> executors();

}
