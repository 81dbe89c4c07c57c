package dev.realtime.spring.publisher;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Knows what Spring's thread-bound state does not tell: whether the innermost transaction
 * of the calling thread is still open or is already committing, and which resources it
 * has brought. In {@code afterCommit} callbacks the transaction still counts as active
 * for Spring, but nothing that is written then is a part of it.
 * <p>
 * Added to each {@link PlatformTransactionManager} of the application context. State is
 * confined to the transaction's thread, which a reactive transaction does not have.
 */
public final class CurrentTransaction implements TransactionExecutionListener {

	private static final ThreadLocal<Frame> INNERMOST = new ThreadLocal<>();

	private CurrentTransaction() {
	}

	/** Makes a post-processor that adds this listener to each transaction manager. */
	static BeanPostProcessor postProcessor() {
		CurrentTransaction listener = new CurrentTransaction();
		return new BeanPostProcessor() {
			@Override
			public Object postProcessAfterInitialization(Object bean, String name) {
				if (bean instanceof PlatformTransactionManager && bean instanceof ConfigurableTransactionManager manager
						&& !manager.getTransactionExecutionListeners().contains(listener)) {
					manager.addListener(listener);
				}
				return bean;
			}
		};
	}

	/**
	 * Whether a transaction of the calling thread is open, so that a synchronization that
	 * is registered now is called at its end.
	 */
	public static boolean isOpen() {
		Frame frame = innermost();
		return TransactionSynchronizationManager.isActualTransactionActive()
				&& TransactionSynchronizationManager.isSynchronizationActive() && (frame == null || !frame.completing);
	}

	/**
	 * Whether the transaction's manager is known. A manager that is not a bean is not.
	 */
	public static boolean isKnown() {
		return innermost() != null;
	}

	/**
	 * Whether the innermost transaction has brought this resource, such as a connection
	 * holder. False for a resource of an outer transaction, and for one that was bound
	 * later.
	 */
	public static boolean hasBrought(Object resource) {
		Frame frame = innermost();
		return frame != null && frame.brought.contains(resource);
	}

	@Override
	public void beforeBegin(TransactionExecution transaction) {
		if (transaction.isNewTransaction()) {
			INNERMOST.set(new Frame(innermost(), transaction, resources()));
		}
	}

	@Override
	public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
		Frame frame = innermost();
		if (frame == null || frame.transaction != transaction) {
			return;
		}
		if (failure != null) {
			leave(transaction);
			return;
		}
		Set<Object> before = frame.brought;
		frame.brought = resources();
		frame.brought.removeAll(before);
	}

	@Override
	public void beforeCommit(TransactionExecution transaction) {
		completing(transaction);
	}

	@Override
	public void beforeRollback(TransactionExecution transaction) {
		completing(transaction);
	}

	@Override
	public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
		leave(transaction);
	}

	@Override
	public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
		leave(transaction);
	}

	private static void completing(TransactionExecution transaction) {
		Frame frame = innermost();
		if (frame != null && frame.transaction == transaction) {
			frame.completing = true;
		}
	}

	private static void leave(TransactionExecution transaction) {
		Frame frame = innermost();
		if (frame != null && frame.transaction == transaction) {
			set(frame.outer);
		}
	}

	/** A manager that failed may not have reported the end of its transaction. */
	private static @Nullable Frame innermost() {
		Frame frame = INNERMOST.get();
		if (frame != null && frame.transaction.isCompleted()) {
			while (frame != null && frame.transaction.isCompleted()) {
				frame = frame.outer;
			}
			set(frame);
		}
		return frame;
	}

	private static void set(@Nullable Frame frame) {
		if (frame != null) {
			INNERMOST.set(frame);
		}
		else {
			INNERMOST.remove();
		}
	}

	private static Set<Object> resources() {
		Set<Object> resources = Collections.newSetFromMap(new IdentityHashMap<>(4));
		resources.addAll(TransactionSynchronizationManager.getResourceMap().values());
		return resources;
	}

	/** One transaction that has begun, or begins. */
	private static final class Frame {

		private final @Nullable Frame outer;

		private final TransactionExecution transaction;

		/** Until it has begun: what was bound before. */
		private Set<Object> brought;

		private boolean completing;

		Frame(@Nullable Frame outer, TransactionExecution transaction, Set<Object> before) {
			this.outer = outer;
			this.transaction = transaction;
			this.brought = before;
		}

	}

}
