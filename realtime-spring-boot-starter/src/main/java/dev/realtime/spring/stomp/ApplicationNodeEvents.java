package dev.realtime.spring.stomp;

import java.time.Duration;

import dev.realtime.spring.NodePart;
import dev.realtime.spring.gateway.ApplicationNode;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ApplicationContextEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.Ordered;

/**
 * Has the node take SENDs of gateways from the time when the application can handle them.
 * When the application ends, the node first answers what it has taken, after the drain's
 * delay and before the handlers and executors end; and tells the gateways that it is gone
 * before the relay ends.
 */
final class ApplicationNodeEvents implements ApplicationListener<ApplicationContextEvent>, Ordered, NodePart {

	/** Before the node closes. */
	private static final int PHASE = 2_048;

	private final ApplicationNode node;

	private final Duration patience;

	private final ApplicationContext context;

	private volatile boolean running;

	ApplicationNodeEvents(ApplicationNode node, Duration patience, ApplicationContext context) {
		this.node = node;
		this.patience = patience;
		this.context = context;
	}

	@Override
	public void onApplicationEvent(ApplicationContextEvent event) {
		if (event.getApplicationContext() != this.context) {
			return;
		}
		if (event instanceof ContextRefreshedEvent) {
			this.node.begin();
		}
		else if (event instanceof ContextClosedEvent) {
			this.node.leave(this.patience);
		}
	}

	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

	/** Behind the drain's delay. */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE + 1;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.node.close();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
