package dev.realtime.spring.modulith;

import java.lang.reflect.Method;

import org.springframework.context.ApplicationListener;
import org.springframework.context.event.EventListenerFactory;
import org.springframework.core.Ordered;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.core.ConditionalEventListener;
import org.springframework.transaction.event.TransactionalApplicationListenerMethodAdapter;

/**
 * Makes the listener that calls {@link RealtimeEventExternalizer}, for events with its
 * target alone. The one that Modulith's factory makes gets the events for all targets,
 * each with a row in the registry, a task and a transaction.
 */
final class RealtimeListenerFactory implements EventListenerFactory, Ordered {

	/** Modulith's, which takes the methods of all externalizers, has 25. */
	private static final int ORDER = 20;

	private final EventExternalizationConfiguration configuration;

	RealtimeListenerFactory(EventExternalizationConfiguration configuration) {
		this.configuration = configuration;
	}

	@Override
	public boolean supportsMethod(Method method) {
		return method.getDeclaringClass() == RealtimeEventExternalizer.class;
	}

	@Override
	public ApplicationListener<?> createApplicationListener(String beanName, Class<?> type, Method method) {
		return new Listener(beanName, type, method, this.configuration);
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	/** Modulith's multicaster asks it about each event. */
	private static final class Listener extends TransactionalApplicationListenerMethodAdapter
			implements ConditionalEventListener {

		private final EventExternalizationConfiguration configuration;

		Listener(String beanName, Class<?> type, Method method, EventExternalizationConfiguration configuration) {
			super(beanName, type, method);
			this.configuration = configuration;
		}

		@Override
		public boolean supports(Object event) {
			return RealtimeEventExternalizer.isTargetOf(event, this.configuration);
		}

	}

}
