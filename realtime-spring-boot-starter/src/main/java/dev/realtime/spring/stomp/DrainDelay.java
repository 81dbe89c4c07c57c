package dev.realtime.spring.stomp;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * Holds up the end of the application, so that load balancers notice it: Boot has refused
 * traffic in the readiness state before. It comes before everything else that ends with
 * the context, task executors above all, which take no more tasks afterwards: meanwhile
 * the node serves new clients as before. An interrupt of the closing thread ends the
 * delay and nothing else: the drain follows at once. There is no delay if load balancers
 * know already.
 */
final class DrainDelay implements ApplicationListener<ContextClosedEvent>, Ordered {

	private final Duration delay;

	private final BooleanSupplier known;

	private final ApplicationContext context;

	/**
	 * Makes one.
	 * @param known whether the node has refused connections for long enough already
	 */
	DrainDelay(Duration delay, BooleanSupplier known, ApplicationContext context) {
		this.delay = delay;
		this.known = known;
		this.context = context;
	}

	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		if (event.getApplicationContext() == this.context && !this.known.getAsBoolean()) {
			try {
				Thread.sleep(this.delay.toMillis());
			}
			catch (InterruptedException ex) {
				// Restoring the flag would cut the drain short as well.
			}
		}
	}

	/** On a thread of its own it would hold up nothing. */
	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

}
