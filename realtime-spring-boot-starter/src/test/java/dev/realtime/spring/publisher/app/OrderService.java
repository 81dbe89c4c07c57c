package dev.realtime.spring.publisher.app;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import dev.realtime.spring.publisher.TopicPublisher;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** A service whose methods publish what they return. */
public class OrderService {

	/** Without a transaction of its own. */
	@TopicPublisher("order.{id}")
	public @Nullable String place(String id, @Nullable String text) {
		return text;
	}

	/** Filled from what is returned. */
	@TopicPublisher("order.{payload.id}")
	public Optional<Order> find(String id) {
		return id.isEmpty() ? Optional.empty() : Optional.of(new Order(id));
	}

	/** Published when the future is done. */
	@TopicPublisher("order.{payload.id}")
	public CompletableFuture<Order> later(CompletableFuture<Order> order) {
		return order;
	}

	/** In a transaction. */
	@Transactional
	@TopicPublisher("order.{id}")
	public String change(String id, Runnable meanwhile) {
		meanwhile.run();
		return "changed";
	}

	/** In a transaction of its own. */
	@Transactional(propagation = Propagation.REQUIRES_NEW)
	@TopicPublisher("audit.{id}")
	public String audit(String id) {
		return "audited";
	}

	/**
	 * An order.
	 *
	 * @param id its id
	 */
	public record Order(String id) {

		@Override
		public String toString() {
			return "Order " + this.id;
		}

	}

}
