package dev.realtime.spring.modulith;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.spring.publisher.PayloadConverter;
import dev.realtime.spring.publisher.PayloadTopic;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.expression.spel.support.StandardEvaluationContext;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.EventExternalized;
import org.springframework.modulith.events.RoutingTarget;
import org.springframework.modulith.events.support.BrokerRouting;
import org.springframework.transaction.annotation.Propagation;

/**
 * Publishes the events that Spring Modulith externalizes to the target {@value #TARGET},
 * whose key is the topic. Not meant for applications.
 * <p>
 * It waits for the receipt on Modulith's thread, so that the publication is complete, and
 * the registry writes that down, only when the message is stored. The receipt's own
 * thread is the engine's, which must not run the registry.
 * <p>
 * The names of this class and its method are stored in the registry with each publication
 * and must not change.
 */
public class RealtimeEventExternalizer {

	static final String TARGET = "realtime";

	static final String EXPRESSION = "#{";

	private static final String ID = "id";

	private final EventExternalizationConfiguration configuration;

	private final RealtimePublisher publisher;

	private final PayloadConverter converter;

	private final StandardEvaluationContext context = new StandardEvaluationContext();

	/**
	 * Creates the listener.
	 * @param configuration which events go where
	 * @param publisher publishes them
	 * @param converter makes the payloads
	 * @param beans the beans that SpEL expressions may name
	 */
	RealtimeEventExternalizer(EventExternalizationConfiguration configuration, RealtimePublisher publisher,
			PayloadConverter converter, BeanFactory beans) {
		this.configuration = configuration;
		this.publisher = publisher;
		this.converter = converter;
		this.context.setBeanResolver(new BeanFactoryResolver(beans));
	}

	static boolean isTargetOf(Object event, EventExternalizationConfiguration configuration) {
		return configuration.supports(event) && configuration.determineTarget(event).getTarget().equals(TARGET);
	}

	/**
	 * Publishes the event. One from the registry may have another target by now, and is
	 * then complete.
	 */
	@ApplicationModuleListener(propagation = Propagation.SUPPORTS)
	public CompletableFuture<?> externalize(Object event) {
		if (!isTargetOf(event, this.configuration)) {
			return CompletableFuture.completedFuture(null);
		}
		try {
			RoutingTarget target = this.configuration.determineTarget(event);
			Object mapped = this.configuration.map(event);
			Publication publication = publication(mapped, topic(mapped, target));
			return CompletableFuture.completedFuture(
					new EventExternalized<>(event, mapped, target, this.publisher.publishAndWait(publication)));
		}
		catch (Exception ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private Topic topic(Object mapped, RoutingTarget target) {
		String key = target.hasKeyExpression() ? BrokerRouting.of(target, this.context).getKey(mapped)
				: target.getKey();
		if (key == null || key.isEmpty()) {
			throw invalid(mapped, target, "names no topic; write realtime::order.{orderId}");
		}
		if (target.hasKeyExpression()) {
			return Topic.of(key);
		}
		if (key.contains(EXPRESSION)) {
			throw invalid(mapped, target, "has SpEL in the middle; write realtime::order.{orderId}, or "
					+ "realtime::#{'order.' + #this.orderId()}");
		}
		return PayloadTopic.of(key, mapped);
	}

	private static IllegalArgumentException invalid(Object mapped, RoutingTarget target, String why) {
		return new IllegalArgumentException(
				"The target \"" + target + "\" of " + mapped.getClass().getName() + ' ' + why);
	}

	private Publication publication(Object mapped, Topic topic) {
		Publication.Builder publication = Publication.to(topic).content(this.converter.convert(mapped));
		addHeaders(mapped.getClass().getName(), this.configuration.getHeadersFor(mapped), publication);
		return publication.build();
	}

	/**
	 * Adds the headers, with the meanings that they have with
	 * {@code SimpMessagingTemplate}, and without those that are null.
	 * @throws IllegalArgumentException when the id is null: without one, an event that is
	 * resubmitted could be stored twice
	 */
	static void addHeaders(String event, Map<String, ? extends @Nullable Object> headers,
			Publication.Builder publication) {
		headers.forEach((name, value) -> {
			if (value != null) {
				addHeader(name, value.toString(), publication);
			}
			else if (name.equals(ID)) {
				throw new IllegalArgumentException("The header \"id\" of an event " + event + " is null");
			}
		});
	}

	private static void addHeader(String name, String value, Publication.Builder publication) {
		switch (name) {
			case ID -> publication.id(value);
			case "type" -> publication.type(value);
			case Content.SENDER -> publication.sender(value);
			case Content.IMPORTANT -> publication.important(Boolean.parseBoolean(value));
			default -> publication.header(name, value);
		}
	}

}
