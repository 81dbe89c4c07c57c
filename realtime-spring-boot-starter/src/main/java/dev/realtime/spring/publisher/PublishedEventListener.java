package dev.realtime.spring.publisher;

import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import dev.realtime.Publication;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.core.ResolvableType;
import org.springframework.util.ConcurrentReferenceHashMap;

/**
 * Publishes the application events whose classes have {@link PublishedOn}, on the thread
 * of their publisher, after listeners with an order of their own.
 * <p>
 * It costs other events next to nothing: Spring does not call it for an
 * {@link ApplicationEvent} or a final class without the annotation, and remembers that.
 * For objects of other classes it is one look into a map, because a subclass may have the
 * annotation.
 */
final class PublishedEventListener implements GenericApplicationListener {

	/** Soft references: a class that is gone takes its entry with it. */
	private final Map<Class<?>, Optional<PublishedEvents>> known = new ConcurrentReferenceHashMap<>();

	private final CommitAwarePublisher publisher;

	private final Supplier<PayloadConverter> converter;

	PublishedEventListener(CommitAwarePublisher publisher, Supplier<PayloadConverter> converter) {
		this.publisher = publisher;
		this.converter = converter;
	}

	@Override
	public boolean supportsEventType(ResolvableType eventType) {
		Class<?> type = eventType.toClass();
		if (PublishedEvents.areOf(type)) {
			return true;
		}
		if (!PayloadApplicationEvent.class.isAssignableFrom(type)) {
			return false;
		}
		Class<?> payload = eventType.as(PayloadApplicationEvent.class).getGeneric(0).resolve(Object.class);
		return !Modifier.isFinal(payload.getModifiers()) || PublishedEvents.areOf(payload);
	}

	/** The transaction is one of the publisher's thread. */
	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		PublishedEvents events = find(event.getClass());
		if (events != null) {
			publish(events, event);
		}
		else if (event instanceof PayloadApplicationEvent<?> carrier) {
			PublishedEvents carried = find(carrier.getPayload().getClass());
			if (carried != null) {
				publish(carried, carrier.getPayload());
			}
		}
	}

	private void publish(PublishedEvents events, Object event) {
		Publication publication;
		try {
			publication = events.publication(event, this.converter.get());
		}
		catch (ClassCastException ex) {
			// Spring takes some of them for a listener's that expects another event.
			throw new IllegalStateException("Cannot convert the event " + event.getClass().getName(), ex);
		}
		this.publisher.publish(publication);
	}

	private @Nullable PublishedEvents find(Class<?> type) {
		Optional<PublishedEvents> found = this.known.get(type);
		if (found == null) {
			found = Optional.ofNullable(PublishedEvents.of(type));
			this.known.put(type, found);
		}
		return found.orElse(null);
	}

}
