package dev.realtime.spring.publisher;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import dev.realtime.Publication;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what a bean's method returned: at once, or, when a transaction is open, in it
 * where the log can be a part of it, else after its commit.
 */
final class ReturnedValuePublisher implements MethodInterceptor {

	private final BeanMethods methods;

	private final CommitAwarePublisher publisher;

	private final Supplier<PayloadConverter> converter;

	ReturnedValuePublisher(BeanMethods methods, CommitAwarePublisher publisher, Supplier<PayloadConverter> converter) {
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
		if (returned instanceof CompletionStage<?> stage) {
			return this.publisher.isInTransaction() ? publishLater(method, arguments, stage)
					: publishWhenDone(method, arguments, stage);
		}
		Publication publication = method.publication(arguments, returned, this.converter.get());
		if (publication != null) {
			this.publisher.publish(publication);
		}
		return returned;
	}

	/** The caller's stage ends when the message is stored, and fails when it is not. */
	private <T> CompletionStage<T> publishWhenDone(BeanMethod method, @Nullable Object[] arguments,
			CompletionStage<T> stage) {
		return stage.thenCompose((value) -> {
			Publication publication = method.publication(arguments, value, this.converter.get());
			return (publication == null) ? CompletableFuture.completedFuture(value)
					: this.publisher.publishNow(publication).thenApply((receipt) -> value);
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
					this.publisher.publishCommitted(publication);
				}
			}
			catch (Throwable ex) {
				this.publisher.failedAfterCommit(null, ex);
			}
		}));
		return stage;
	}

}
