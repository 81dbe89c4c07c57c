package dev.realtime.spring.publisher;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.ClassUtils;

/**
 * Publishes what a bean's method returned: at once, or, when a transaction is open, in it
 * where the log can be a part of it, else after its commit.
 */
final class ReturnedValuePublisher implements MethodInterceptor {

	private static final Logger logger = LoggerFactory.getLogger(ReturnedValuePublisher.class);

	private static final boolean TRANSACTIONS = ClassUtils.isPresent(
			"org.springframework.transaction.support.TransactionSynchronizationManager",
			ReturnedValuePublisher.class.getClassLoader());

	private final BeanMethods methods;

	private final Supplier<RealtimePublisher> publisher;

	private final Supplier<PayloadConverter> converter;

	ReturnedValuePublisher(BeanMethods methods, Supplier<RealtimePublisher> publisher,
			Supplier<PayloadConverter> converter) {
		this.methods = methods;
		this.publisher = publisher;
		this.converter = converter;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation call) throws Throwable {
		Object target = call.getThis();
		BeanMethod method = this.methods.find(call.getMethod(), (target != null) ? target.getClass() : null);
		Object returned = call.proceed();
		if (method == null || returned == null) {
			return returned;
		}
		@Nullable Object[] arguments = call.getArguments();
		boolean afterCommit = TRANSACTIONS && AfterCommit.isPossible();
		if (returned instanceof CompletionStage<?> stage) {
			return afterCommit ? publishLater(method, arguments, stage) : publishWhenDone(method, arguments, stage);
		}
		Publication publication = method.publication(arguments, returned, this.converter.get());
		if (publication == null) {
			return returned;
		}
		if (afterCommit && !joinsTransaction(publication.topic())) {
			checkLimits(publication);
			AfterCommit.run(() -> publishAndLog(publication));
		}
		else {
			this.publisher.get().publishAndWait(publication);
		}
		return returned;
	}

	/** The caller's stage ends when the message is stored, and fails when it is not. */
	private <T> CompletionStage<T> publishWhenDone(BeanMethod method, @Nullable Object[] arguments,
			CompletionStage<T> stage) {
		return stage.thenCompose((value) -> {
			Publication publication = method.publication(arguments, value, this.converter.get());
			return (publication == null) ? CompletableFuture.completedFuture(value)
					: this.publisher.get().publish(publication).thenApply((receipt) -> value);
		});
	}

	private <T> CompletionStage<T> publishLater(BeanMethod method, @Nullable Object[] arguments,
			CompletionStage<T> stage) {
		AfterCommit.run(() -> stage.whenComplete((value, failure) -> {
			if (failure != null) {
				return;
			}
			try {
				Publication publication = method.publication(arguments, value, this.converter.get());
				if (publication != null) {
					publishAndLog(publication);
				}
			}
			catch (RuntimeException ex) {
				logger.error("A value was committed but cannot be published", ex);
			}
		}));
		return stage;
	}

	/** With a durable log the message is a part of the transaction itself. */
	private boolean joinsTransaction(Topic topic) {
		return this.publisher.get() instanceof ApplicationPublisher known && known.joinsTransaction(topic);
	}

	/** What breaks a limit is reported while the transaction can still roll back. */
	private void checkLimits(Publication publication) {
		if (this.publisher.get() instanceof ApplicationPublisher checked) {
			checked.check(publication);
		}
	}

	private void publishAndLog(Publication publication) {
		try {
			this.publisher.get().publish(publication).whenComplete((receipt, failure) -> {
				if (failure != null) {
					logger.error("Committed but not published on \"{}\"", publication.topic(), failure);
				}
			});
		}
		catch (RuntimeException ex) {
			logger.error("Committed but not published on \"{}\"", publication.topic(), ex);
		}
	}

}
