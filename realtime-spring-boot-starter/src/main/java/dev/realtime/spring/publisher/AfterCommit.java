package dev.realtime.spring.publisher;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Publishes after a transaction. Needs spring-tx. */
final class AfterCommit {

	private AfterCommit() {
	}

	/** Whether a transaction of this thread is open. */
	static boolean isPossible() {
		return CurrentTransaction.isOpen();
	}

	/**
	 * Runs the action after the transaction's commit, and never after a rollback, also
	 * one to a savepoint.
	 */
	static void run(Runnable action) {
		TransactionSynchronizationManager.registerSynchronization(new SavepointAware() {
			@Override
			public void afterCommit() {
				if (!isUndone()) {
					action.run();
				}
			}
		});
	}

}
