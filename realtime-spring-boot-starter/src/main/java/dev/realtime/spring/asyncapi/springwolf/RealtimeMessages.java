package dev.realtime.spring.asyncapi.springwolf;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import dev.realtime.spring.asyncapi.ApplicationOperations;
import dev.realtime.spring.asyncapi.Described;
import io.github.springwolf.asyncapi.v3.model.AsyncAPI;
import io.github.springwolf.core.asyncapi.AsyncApiCustomizer;
import io.github.springwolf.core.asyncapi.components.ComponentsService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Adds what clients may subscribe to and send to Springwolf's document, when its scanners
 * are done.
 * <p>
 * Springwolf makes its document once, when the application is ready or on a thread of its
 * own, and has none for good if a customizer throws: this one does not. It asks for beans
 * only after the context has made them all. A document that is made sooner goes without
 * realtime messages, because asking would create the broker out of order.
 */
final class RealtimeMessages implements AsyncApiCustomizer, SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(RealtimeMessages.class);

	private final ListableBeanFactory beans;

	private final ComponentsService components;

	private final @Nullable URI server;

	private volatile boolean allBeansMade;

	/**
	 * Makes the customizer.
	 * @param beans the application's beans
	 * @param components Springwolf's schemas and messages
	 * @param server where clients connect, or null if that is not set
	 */
	RealtimeMessages(ListableBeanFactory beans, ComponentsService components, @Nullable URI server) {
		this.beans = beans;
		this.components = components;
		this.server = server;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.allBeansMade = true;
	}

	@Override
	public void customize(AsyncAPI document) {
		if (!this.allBeansMade) {
			logger.warn("Springwolf's document leaves out realtime messages, because it was asked for before all"
					+ " beans of the application were made. Ask Springwolf for it after the start, not from a bean's"
					+ " constructor or @PostConstruct method");
			return;
		}
		try {
			addTo(document);
		}
		catch (Throwable ex) {
			logger.warn("Springwolf's document leaves out realtime messages, because they cannot be described", ex);
		}
	}

	private void addTo(AsyncAPI document) {
		ApplicationOperations application = ApplicationOperations.of(this.beans);
		List<Described> all = new ArrayList<>(read("topics", application::ofTopics));
		all.addAll(ListedMethods.of(document).others(read("mapped methods", application::ofMethods)));
		OpenDocument open = new OpenDocument(document, this.components, Servers.of(document, this.server));
		all.stream().sorted(Described.ORDER).distinct().forEach((each) -> open.add(each, application::extension));
		open.close();
	}

	private static List<Described> read(String what, Supplier<List<Described>> source) {
		try {
			return source.get();
		}
		catch (Throwable ex) {
			logger.warn("Springwolf's document leaves out the {}, because they cannot be read", what, ex);
			return List.of();
		}
	}

}
