package dev.realtime.spring.stomp;

import java.util.List;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.scheduling.TaskScheduler;

/**
 * Keeps the executors of Spring's STOMP support, which the starter has brought in, apart
 * from those of the application. They are injected by name only, so a field or parameter
 * of type {@code TaskExecutor} or {@code TaskScheduler} still has one candidate.
 */
final class ChannelExecutors implements BeanFactoryPostProcessor {

	private static final String SCHEDULER = "messageBrokerTaskScheduler";

	private static final List<String> NAMES = List.of("clientInboundChannelExecutor", "clientOutboundChannelExecutor",
			"brokerChannelExecutor", SCHEDULER);

	/** Its second parameter is the scheduler, the only one of these taken by type. */
	private static final String MAPPING = "stompWebSocketHandlerMapping";

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
		for (String name : NAMES) {
			if (beans.containsBeanDefinition(name)
					&& beans.getBeanDefinition(name) instanceof AbstractBeanDefinition definition) {
				definition.setDefaultCandidate(false);
			}
		}
		if (beans.containsBeanDefinition(MAPPING)) {
			beans.getBeanDefinition(MAPPING)
				.getConstructorArgumentValues()
				.addIndexedArgumentValue(1, new RuntimeBeanReference(SCHEDULER), TaskScheduler.class.getName());
		}
	}

	/**
	 * Gives a channel the pool of its own that Spring makes by default. Boot has set the
	 * application's executor, which the channel's bean would initialize a second time,
	 * and whose tasks may block. Called before the application's own configurers.
	 */
	static void takeBackFromBoot(ChannelRegistration registration) {
		registration.executor(null);
	}

}
